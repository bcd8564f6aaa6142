import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { synthesise } from "../../stacks/synthesise";
import { MINIMAL, parse } from "../helpers/environment";

const [alpha, beta] = ["alpha", "beta"].map((name) => parse(MINIMAL.replace("test", name)));
if (!alpha || !beta) throw new Error("there are two");
const withBoard = parse(`name: alpha
account: "123456789012"
region: eu-west-1
access:
  databases: { board: [messages] }
  namespaces: { board: {} }
  services:
    board: { namespace: board, grants: { board.messages: read-write } }
    migrations: { namespace: board, grants: { board.messages: owner } }
demo: { image: "example.com/board:1.0.0", service: board, migrations: migrations }
`);

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "out-"));
});
afterEach(() => {
  rmSync(out, { recursive: true, force: true });
});

const layers = (name: string, ...extra: string[]) =>
  ["access", "database", ...extra, "eks", "network"].map((layer) => `${name}-${layer}`);
const folders = (kind: string) => readdirSync(join(out, kind)).sort();
/** Puts a file where Terraform, or a user, would. */
const put = (path: string) => {
  mkdirSync(dirname(join(out, path)), { recursive: true });
  writeFileSync(join(out, path), "content");
};

test("each stack is written, and counted as its JSON has resources", () => {
  const { stacks, reviews } = synthesise([withBoard, beta], { outdir: out });
  expect(stacks.map(({ id }) => id).sort()).toEqual([...layers("alpha", "demo"), ...layers("beta")]);
  for (const { id, file, resources } of stacks) {
    expect(file).toBe(join(out, "stacks", id, "cdk.tf.json"));
    const { resource }: { resource: Record<string, object> } = JSON.parse(readFileSync(file, "utf8"));
    expect(resources).toBe(Object.values(resource).flatMap((byName) => Object.keys(byName)).length);
  }
  expect(reviews).toEqual(["alpha", "beta"].map((name) => join(out, "review", name)));
});

test("each stack asks for its Terraform in a file of its own: checkov would read no Terraform JSON that does", () => {
  for (const { file } of synthesise([withBoard]).stacks) {
    expect(JSON.parse(readFileSync(file, "utf8")).terraform).not.toHaveProperty("required_version");
    const versions = readFileSync(join(dirname(file), "versions.tf"), "utf8");
    expect(versions).toBe('terraform {\n  required_version = ">= 1.11.0"\n}\n');
  }
});

test("what an earlier synthesis wrote and this one did not is gone, Terraform's own files included", () => {
  synthesise([withBoard, beta], { outdir: out });
  put("stacks/beta-eks/.terraform/terraform.tfstate");
  put("stacks/beta-eks/.terraform.lock.hcl");
  put("review/alpha/messages.sql");
  synthesise([alpha], { outdir: out });
  expect(folders("stacks")).toEqual(layers("alpha"));
  expect(folders("review")).toEqual(["alpha"]);
  expect(folders("review/alpha")).toEqual([
    ...["access-plan.json", "access.md", "review-rules.json", "shop.sql"],
  ]);
});

test("what Terraform keeps in a stack that is synthesised again stays", () => {
  synthesise([alpha], { outdir: out });
  const kept = [".terraform/providers/x", ".terraform.lock.hcl", "plan", "errored.tfstate"];
  for (const name of kept) put(`stacks/alpha-eks/${name}`);
  synthesise([alpha], { outdir: out });
  for (const name of kept) expect(readFileSync(join(out, "stacks/alpha-eks", name), "utf8")).toBe("content");
});

test("a state in the folder of a stack that is no more stops the synthesis, and nothing has changed", () => {
  synthesise([alpha, beta], { outdir: out });
  const file = join(out, "stacks/alpha-network/cdk.tf.json");
  writeFileSync(file, "before");
  put("stacks/beta-eks/errored.tfstate");
  put("stacks/beta-database/terraform.tfstate.d/x");
  const message = (id: string, state: string) =>
    `${join(out, "stacks", id)} is of no stack that is synthesised now and would be removed, but it holds ${state}: push that state (terraform state push), or move it out of there`;
  expect(() => synthesise([alpha], { outdir: out })).toThrow(
    [message("beta-database", "terraform.tfstate.d"), message("beta-eks", "errored.tfstate")].join("\n"),
  );
  expect(readFileSync(file, "utf8")).toBe("before");
  expect(folders("stacks")).toEqual([...layers("alpha"), ...layers("beta")]);
});

test("what no synthesis wrote stays", () => {
  for (const path of ["stacks/mine/main.tf", "review/mine/notes.md", "stacks/README.md", "mine/x"]) put(path);
  synthesise([alpha], { outdir: out });
  for (const path of ["stacks/mine/main.tf", "review/mine/notes.md", "stacks/README.md", "mine/x"]) {
    expect(existsSync(join(out, path))).toBe(true);
  }
});
