import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { testFile } from "../helpers/environment";
import { run, runScript } from "../helpers/run";
import { testUnless } from "../helpers/skip";

const version = run("terraform", ["version", "-json"]);
const missing = version.status === 0 ? undefined : "terraform is not installed";
const { platform }: { platform: string } = missing ? { platform: "" } : JSON.parse(version.stdout);

const PROVIDERS = ["cyrilgdn/postgresql/1.26.0", "hashicorp/aws/5.100.0", "hashicorp/kubernetes/2.38.0"];

describe("npm run lock", () => {
  let folder: string;
  const inFolder = (path: string) => join(folder, path);
  const lockFile = () => inFolder("files/.terraform.lock.hcl");
  const lock = () => readFileSync(lockFile(), "utf8");
  const env = () => ({
    ENVIRONMENTS: inFolder("files"),
    CDKTF_OUTDIR: inFolder("out"),
    TF_CLI_CONFIG_FILE: inFolder("cli.tfrc"),
  });
  const npmRun = (script: string, ...args: readonly string[]) => runScript(script, args, { env: env() });
  const record = (...args: readonly string[]) =>
    npmRun("lock", "--mirror", inFolder("mirror"), "--platforms", platform, ...args);
  /** The file of a provider in the mirror. `terraform init` takes its digest and does not run it. */
  const program = (provider: string) => {
    const [namespace, name, release] = provider.split("/");
    const build = inFolder(`mirror/registry.terraform.io/${namespace}/${name}/${release}/${platform}`);
    mkdirSync(build, { recursive: true });
    return join(build, `terraform-provider-${name}_v${release}`);
  };
  const init = (stack: string) =>
    run("terraform", ["init", "-no-color", "-input=false", "-backend=false", "-lockfile=readonly"], {
      cwd: inFolder(`out/stacks/${stack}`),
      env: env(),
    });
  const stacks = () => readdirSync(inFolder("out/stacks"));

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "lock-"));
    mkdirSync(inFolder("files"));
    writeFileSync(inFolder("files/dev.yaml"), testFile("dev"));
    const mirror = `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(inFolder("mirror"))}\n  }\n}\n`;
    writeFileSync(inFolder("cli.tfrc"), mirror);
    for (const provider of PROVIDERS) writeFileSync(program(provider), provider, { mode: 0o755 });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  testUnless(missing, "--check says that there is no lock file, where there is none", () => {
    const { status, stderr } = npmRun("lock", "--check");
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining(`${lockFile()}: there is none; run npm run lock`),
    ]);
  });

  testUnless(
    missing,
    "records the builds that every stack then insists on, without asking for more",
    () => {
      expect(record()).toMatchObject({ status: 0, stdout: `${lockFile()}: written; commit it\n` });
      expect(npmRun("lock", "--check").status).toBe(0);
      expect(npmRun("synth").status).toBe(0);
      expect(stacks()).toHaveLength(5);
      for (const stack of stacks()) expect(init(stack)).toMatchObject({ status: 0, stderr: "" });
    },
    60_000,
  );

  testUnless(
    missing,
    "keeps the versions that are locked, and takes the newest that the stacks allow when asked",
    () => {
      for (const newer of ["hashicorp/aws/6.1.0", "hashicorp/aws/7.0.0"])
        writeFileSync(program(newer), newer);
      const before = lock();
      expect(record().status).toBe(0);
      expect(lock()).toBe(before);
      expect(record("--upgrade").status).toBe(0);
      expect(lock()).toContain('version     = "6.1.0"');
      writeFileSync(lockFile(), before);
    },
    60_000,
  );

  testUnless(
    missing,
    "--check fails on a lock that lacks a provider, with what Terraform says",
    () => {
      const whole = lock();
      writeFileSync(lockFile(), whole.replace(/provider "[^"]*postgresql" \{.*?\n\}\n/s, ""));
      const { status, stderr } = npmRun("lock", "--check");
      expect([status, stderr]).toEqual([1, expect.stringMatching(/lock\s+file is read-only/)]);
      writeFileSync(lockFile(), whole);
    },
    60_000,
  );

  testUnless(
    missing,
    "another build of the same version is refused, in every stack that uses it and by --check",
    () => {
      appendFileSync(program("cyrilgdn/postgresql/1.26.0"), "changed");
      for (const stack of stacks()) rmSync(inFolder(`out/stacks/${stack}/.terraform`), { recursive: true });
      const refused = stacks().filter((stack) => {
        const { status, stderr } = init(stack);
        return status !== 0 && /doesn't\s+match\s+any\s+of\s+the\s+checksums/.test(stderr);
      });
      expect(refused).toEqual(["dev-access"]);
      expect(npmRun("lock", "--check")).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/cyrilgdn\/postgresql/),
      });
    },
    60_000,
  );
});
