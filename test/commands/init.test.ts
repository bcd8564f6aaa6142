import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { runScript } from "../helpers/run";

const ACCOUNT = ["--account", "123456789012"];

describe("npm run init", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "init-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const init = (...args: string[]) => runScript("init", args, { env: { ENVIRONMENTS: folder } });

  test("writes a file that synthesises as it is, beside others that it fits to", () => {
    expect(init("first", ...ACCOUNT)).toMatchObject({ status: 0, stderr: "" });
    const more = [
      "--size",
      "production",
      "--bucket",
      "acme-state",
      "--service",
      "ledger",
      "--schema",
      "my_books.entries",
    ];
    expect(init("second", ...ACCOUNT, ...more)).toMatchObject({ status: 0, stderr: "" });
    const env = { ENVIRONMENTS: folder, CDKTF_OUTDIR: join(folder, "out"), WARNINGS: "error" };
    const { status, stderr, stdout } = runScript("synth", [], { env });
    expect([status, stderr]).toEqual([0, ""]);
    for (const id of ["first-access", "second-access"]) expect(stdout).toContain(`${id} `);
    // What a new environment gains, files that are there do not: it is off unless it is written.
    for (const name of ["first", "second"]) {
      expect(readFileSync(join(folder, `${name}.yaml`), "utf8")).toContain("dashboard: true");
    }
  });

  test("never overwrites a file, and says so", () => {
    const file = join(folder, "mine.yaml");
    writeFileSync(file, "name: mine\n");
    const { status, stderr } = init("mine", ...ACCOUNT);
    expect([status, stderr]).toEqual([1, `${file} is there already; choose another name, or edit it\n`]);
    expect(readFileSync(file, "utf8")).toBe("name: mine\n");
  });

  test("says everything that is wrong with what it is given, and writes nothing", () => {
    const { status, stderr } = init("Shop", "--account", "12", "--size", "huge", "--schema", "a.b.c");
    expect(status).toBe(1);
    for (const wrong of [
      "the environment must be 1 to 12",
      "--account must",
      "--size must",
      "--schema must",
    ]) {
      expect(stderr).toContain(wrong);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  test("without a terminal asks nobody: what has no default is an error that names the option", () => {
    expect(init("dev")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("--account is missing: AWS"),
    });
  });

  test("what the rules of the file refuse is refused before there is a file", () => {
    const { status, stderr } = init("dev", ...ACCOUNT, "--service", "rdsadmin");
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining('the database user "rdsadmin" starts with rds'),
    ]);
    expect(stderr).toContain("Nothing was written");
    expect(existsSync(join(folder, "dev.yaml"))).toBe(false);
  });
});
