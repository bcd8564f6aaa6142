import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { parse as parseYaml } from "yaml";
import { UserError } from "../../lib/user-error";
import { parse } from "../helpers/environment";
import { ROOT, run } from "../helpers/run";
import { blocks, page } from "./pages";

const SHOWN = blocks(page("README.md"));
const outdir = mkdtempSync(join(tmpdir(), "readme-"));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

/** The one block of the README that holds a text. */
function block(marker: string): string {
  const [found, ...others] = SHOWN.filter(({ text }) => text.includes(marker));
  if (!found || others.length > 0) throw new Error(`the README must have one block with ${marker}`);
  return found.text;
}

test("the README's environment file is complete: copied, it loads", () => {
  const { name, access } = parse(block("yaml-language-server"));
  expect([name, Object.keys(access.services)]).toEqual(["dev", ["orders-api", "orders-migrations"]]);
});

test("the five lines that the README starts with are those of a service in dev", () => {
  const lines = block("orders-api:\n  namespace: shop\n  grants:\n").trimEnd();
  expect(lines.split("\n")).toHaveLength(5);
  const { services } = parseYaml(readFileSync(join(ROOT, "test/environments/dev.yaml"), "utf8")).access;
  expect(parseYaml(lines)).toEqual({ "orders-api": services["orders-api"] });
});

test("the mistakes that the README shows are what the loader says of such a file", () => {
  const text = readFileSync(join(ROOT, "test/docs/mistakes.yaml"), "utf8");
  const said = () => {
    try {
      parse(text, "dev.yaml");
      return [];
    } catch (error) {
      if (error instanceof UserError) return error.messages;
      throw error;
    }
  };
  const shown = block("Did you mean").trimEnd().split("\n");
  expect(said()).toEqual(shown.map((line) => line.replace(/^environments\//, "")));
});

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
  expect([masked(stdout), stderr]).toEqual([masked(block("prepared like RDS")), ""]);
  expect(status).toBe(0);
}, 120_000);
