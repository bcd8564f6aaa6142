import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { run } from "../helpers/run";
import { readmeBlock } from "./readme-block";

const outdir = mkdtempSync(join(tmpdir(), "readme-"));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

test("the output that the README shows is what npm run demo prints, but for ports, seconds and the number of resources", () => {
  const masked = (text: string) =>
    text
      .replaceAll("test/environments/", "environments/")
      .replace(/localhost:\d+/, "localhost:<port>")
      .replace(/127\.0\.0\.1:\d+/, "127.0.0.1:<port>")
      .replace(/\d+ resources/, "<number> resources")
      .replace(/\(\d+\.\d s\)/, "(<seconds>)");
  const env = { ENVIRONMENTS: "test/environments/dev.yaml", CDKTF_OUTDIR: outdir };
  const { status, stdout, stderr } = run("npm", ["run", "--silent", "demo"], { env });
  expect([masked(stdout), stderr]).toEqual([masked(readmeBlock("prepared like RDS")), ""]);
  expect(status).toBe(0);
}, 120_000);
