import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { LOCK_FILE } from "../../../lib/provider-lock";
import { synthesise } from "../../../stacks/synthesise";
import { parse, testFile } from "../../helpers/environment";

let out: string;
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), "out-"));
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

const environment = parse(testFile("dev"));
const lock = ["cyrilgdn/postgresql", "hashicorp/aws", "hashicorp/kubernetes"]
  .map((address) => `provider "registry.terraform.io/${address}" {\n}\n`)
  .join("\n");

test("each stack insists on the locked builds of the providers it asks for, no more and no less", () => {
  const { stacks } = synthesise([{ ...environment, providerLock: lock }], { outdir: out });
  for (const { file } of stacks) {
    const { terraform }: { terraform: { required_providers: Record<string, { source: string }> } } =
      JSON.parse(readFileSync(file, "utf8"));
    const asked = Object.values(terraform.required_providers).map(({ source }) =>
      source.replace(/^(?!.*\/)/, "hashicorp/"),
    );
    const locked = readFileSync(join(dirname(file), LOCK_FILE), "utf8").matchAll(
      /^provider "[^/]+\/(.+)" \{$/gm,
    );
    expect([...locked].map(([, address]) => address)).toEqual(asked.sort());
  }
});

test("without a lock file beside the environment, no stack has one of ours", () => {
  rmSync(out, { recursive: true });
  for (const { file } of synthesise([environment], { outdir: out }).stacks) {
    expect(readdirSync(dirname(file))).not.toContain(LOCK_FILE);
  }
});
