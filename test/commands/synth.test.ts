import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { LEVEL_NAMES } from "../../model/postgresql/levels";
import { MINIMAL } from "../helpers/environment";
import { ProjectCopy, run } from "../helpers/run";

let project: ProjectCopy;
const inProject = (path: string) => join(project.folder, path);
beforeAll(() => {
  project = new ProjectCopy();
});
afterAll(() => project.remove());
beforeEach(() => rmSync(inProject("cdktf.out"), { recursive: true, force: true }));

const layers = (name: string, ...extra: string[]) =>
  ["access", "database", ...extra, "eks", "network"].sort().map((layer) => `${name}-${layer}`);
const DEV = layers("dev", "demo");
const ALL = [...layers("company"), ...DEV, ...layers("everywhere", "verify"), ...layers("prod")];

describe("npm run synth", () => {
  test("writes every stack, says how many resources each has and where it is, and the same bytes as the app that cdktf runs", () => {
    const { status: synthesised, stdout, stderr } = project.npm("synth");
    expect([synthesised, stderr]).toEqual([0, ""]);
    expect(readdirSync(inProject("cdktf.out/stacks")).sort()).toEqual(ALL);
    for (const id of ALL) {
      expect(stdout).toMatch(new RegExp(`^${id} +\\d+ +cdktf\\.out/stacks/${id}/cdk\\.tf\\.json$`, "m"));
    }
    const { app } = JSON.parse(readFileSync(inProject("cdktf.json"), "utf8"));
    const other = inProject("other.out");
    const { status } = run("sh", ["-c", app], { cwd: project.folder, env: { CDKTF_OUTDIR: other } });
    expect(status).toBe(0);
    for (const id of ALL) {
      const read = (out: string) => readFileSync(join(out, "stacks", id, "cdk.tf.json"), "utf8");
      expect(read(other)).toBe(read(inProject("cdktf.out")));
    }
    const bundle = readFileSync(join(other, "stacks/dev-access/rds-ca.pem"), "utf8");
    expect(bundle.match(/-----BEGIN CERTIFICATE-----/g)?.length).toBeGreaterThan(1);
  });

  test("makes the folder that CDKTF_OUTDIR names, and says which one cannot be written", () => {
    const deep = inProject("not/there/yet");
    expect(project.npm("synth", ["dev"], { CDKTF_OUTDIR: deep })).toMatchObject({ status: 0, stderr: "" });
    expect(readdirSync(join(deep, "stacks"))).toContain("dev-access");
    const blocked = inProject("package.json/out");
    const { status, stderr } = project.npm("synth", ["dev"], { CDKTF_OUTDIR: blocked });
    expect(status).toBe(1);
    expect(stderr).toBe(
      `${blocked} cannot be written (ENOTDIR: not a directory, mkdir '${blocked}'); CDKTF_OUTDIR names another folder\n`,
    );
  });

  describe("of environments in another folder", () => {
    const elsewhere = { ENVIRONMENTS: "elsewhere" };
    beforeAll(() => {
      mkdirSync(inProject("elsewhere"), { recursive: true });
      writeFileSync(inProject("elsewhere/a.yaml"), MINIMAL);
      cpSync(inProject("environments/dev.yaml"), inProject("elsewhere/dev.yaml"));
    });

    test("writes those, and of one environment that one, and no other stays", () => {
      expect(project.npm("synth", [], elsewhere).status).toBe(0);
      expect(readdirSync(inProject("cdktf.out/stacks")).sort()).toEqual([...DEV, ...layers("test")]);
      expect(project.npm("synth", ["dev"], elsewhere).status).toBe(0);
      expect(readdirSync(inProject("cdktf.out/stacks")).sort()).toEqual(DEV);
      expect(readdirSync(inProject("cdktf.out/review"))).toEqual(["dev"]);
    });

    test("does not mind a reader that stops reading", () => {
      const options = { cwd: project.folder, env: elsewhere };
      const { stderr } = run("sh", ["-c", "npm run --silent synth | head -n 1"], options);
      expect(stderr).not.toMatch(/^\s+at |EPIPE/m);
    });
  });

  test.each<[string, string[], string]>([
    ["an environment that does not exist", ["dve"], 'there is no environment dve. Did you mean "dev"?\n'],
    [
      "an option that does not exist",
      ["--fast"],
      'There is no option "--fast". Known: --help.\nUsage: npm run synth',
    ],
  ])("%s is one message, exit code 1, and nothing written", (_, args, message) => {
    const { status, stdout, stderr } = project.npm("synth", args);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(existsSync(inProject("cdktf.out"))).toBe(false);
  });

  test("a file with mistakes is all of them, exit code 1, no stack trace, and what was written stays", () => {
    const file = inProject("cdktf.out/stacks/dev-network/cdk.tf.json");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, "{}");
    mkdirSync(inProject("broken"), { recursive: true });
    writeFileSync(
      inProject("broken/a.yaml"),
      MINIMAL.replace("eu-west-1", "x").replace("read-write", "write"),
    );
    const { status, stdout, stderr } = project.npm("synth", [], { ENVIRONMENTS: "broken" });
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr.trim().split("\n")).toEqual([
      'broken/a.yaml:3:9: must be an AWS region, got: "x"',
      `broken/a.yaml:10:30: must be one of ${LEVEL_NAMES.join(", ")}, got: "write"`,
    ]);
    expect(readFileSync(file, "utf8")).toBe("{}");
  });

  describe("of a file with a warning", () => {
    const WARNING = /^warned\/a\.yaml:5:\d+: warning: shop\.billing is written to, and no identity owns it/;
    const write = (grants: string) => {
      mkdirSync(inProject("warned"), { recursive: true });
      const migrations = `    billing-worker: { namespace: shop, grants: ${grants} }\n`;
      const owner = "    orders-migrations: { namespace: shop, grants: { shop.orders: owner } }\n";
      writeFileSync(inProject("warned/a.yaml"), `${MINIMAL}${migrations}${owner}`);
    };
    const app = (WARNINGS: string) =>
      run(process.execPath, ["run.js", "main.ts"], {
        cwd: project.folder,
        env: { ENVIRONMENTS: "warned", WARNINGS },
      });

    test("says it once on stderr, and writes what it would without", () => {
      write("{ shop.billing: read-write }");
      for (const { status, stderr } of [project.npm("synth", [], { ENVIRONMENTS: "warned" }), app("")]) {
        expect([status, stderr.trim().split("\n").length]).toEqual([0, 1]);
        expect(stderr).toMatch(WARNING);
      }
      expect(readFileSync(inProject("cdktf.out/review/test/access.md"), "utf8")).toContain("## Warnings");
    });

    test("is refused with WARNINGS=error, by npm and by the app that cdktf runs", () => {
      write("{ shop.billing: read-write }");
      const env = { ENVIRONMENTS: "warned", WARNINGS: "error" };
      for (const { status, stdout, stderr } of [project.npm("synth", [], env), app("error")]) {
        expect([status, stdout]).toEqual([1, ""]);
        expect(stderr).toMatch(WARNING);
        expect(stderr).toContain("WARNINGS=error makes warnings errors.\n");
      }
      expect(existsSync(inProject("cdktf.out"))).toBe(false);
    });
  });
});

test("a version is warned of on the days before its support ends, and SOURCE_DATE_EPOCH says which day it is", () => {
  const on = (day: string) => {
    const env = { SOURCE_DATE_EPOCH: String(Date.parse(day) / 1000) };
    const { status, stderr } = project.npm("synth", ["dev"], env);
    return { status, warned: stderr.includes("[version-ending]") };
  };
  expect(on("2026-11-26")).toEqual({ status: 0, warned: false });
  expect(on("2099-01-01")).toEqual({ status: 0, warned: true });
  const { status, stderr } = project.npm("synth", ["dev"], { SOURCE_DATE_EPOCH: "tomorrow" });
  expect([status, stderr]).toEqual([
    1,
    'SOURCE_DATE_EPOCH must be seconds since 1970, or not set, got: "tomorrow"\n',
  ]);
}, 60_000);

test("needs no Terraform: it does not even ask which one there is", () => {
  const env = { PATH: "/nonexistent" };
  const { status } = run(process.execPath, ["run.js", "commands/synth.ts", "dev"], {
    cwd: project.folder,
    env,
  });
  expect(status).toBe(0);
}, 60_000);
