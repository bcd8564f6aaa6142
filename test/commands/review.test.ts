import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "@jest/globals";
import { GitProject } from "../helpers/git-project";

const project = new GitProject();
const { repository } = project;
const DEV = "environments/dev.yaml";
afterEach(() => project.reset());
afterAll(() => project.remove());

test("what changes nothing asks nothing: whitespace, comments, the order of keys", () => {
  const before = project.text(DEV);
  const [services = ""] = /^ {4}billing-worker:(\n {6}.*)+\n/m.exec(before) ?? [];
  repository.edit(DEV, services, "");
  repository.edit(DEV, "  services:\n", `  services:   # a comment\n${services}\n`);
  repository.edit(DEV, "namespace: shop", "namespace:    'shop'");
  const { status, stdout } = project.review();
  expect(stdout).toMatch(/nothing to approve/i);
  expect(status).toBe(0);
});

test("a grant is one line to approve, and its digest accepts it and nothing else", () => {
  repository.edit(DEV, "shop.billing: read-only }", "shop.billing: read-write }");
  const asked = project.review(["dev"]);
  expect(asked.status).toBe(2);
  expect(asked.stdout).toMatch(
    /^To approve in dev:\n +widened +orders-api: shop\.billing read-only → read-write \(.*\n(?! )/,
  );
  expect(asked.stdout).toContain("npm run review -- dev --approve ");
  const digest = /--approve ([0-9a-f]{40})/.exec(asked.stdout)?.[1] ?? "";
  expect(project.review(["dev", "--approve", digest]).status).toBe(0);
  repository.edit(
    DEV,
    "grants: { shop.billing: read-write }",
    "grants: { shop.billing: read-write, shop.orders: read-only }",
  );
  expect(project.review(["dev", "--approve", digest]).status).toBe(2);
});

test("the base is made by its own code: what the change's code makes of the same files is seen", () => {
  repository.edit("constructs/database/cluster-parameters.ts", /"rds\.force_ssl", "1"|"1"/, '"0"');
  const { status, stdout } = project.review(["dev", "--format", "json"]);
  expect(status).toBe(2);
  const { environments, findings } = JSON.parse(stdout);
  expect(JSON.stringify(environments)).toContain("dev-database");
  expect(findings[0].text).toBe(
    "code: changed constructs/database/cluster-parameters.ts; what it does beyond these stacks is not seen here",
  );
});

test("a mistake in the change is told as by any command, and is no result", () => {
  repository.edit(DEV, "natGateways: single", "natGateways: doubel");
  const { status, stdout, stderr } = project.review();
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^environments\/dev\.yaml:\d+:\d+: /m);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test("reports are written where --out says, each in its form, and the text is printed beside them", () => {
  const out = join(mkdtempSync(join(tmpdir(), "out-")), "new");
  const { status, stdout } = project.review(["--format", "markdown,json", "--out", out]);
  expect([status, readdirSync(out).sort()]).toEqual([0, ["review.json", "review.md"]]);
  expect(stdout).toMatch(/nothing to approve/i);
  rmSync(join(out, ".."), { recursive: true });
});

test("--at says who had what then, in each form", () => {
  const at = repository.git("rev-parse", "HEAD").slice(0, 10);
  repository.edit(DEV, "shop.billing: read-only }", "shop.billing: read-write }");
  const out = mkdtempSync(join(tmpdir(), "out-"));
  const args = ["dev", "--at", "HEAD", "--format", "text,markdown,html,json", "--out", out];
  const { status, stdout } = project.review(args);
  const read = (file: string) => readFileSync(join(out, file), "utf8");
  const texts = ["access.txt", "access.md", "access.html", "access.json"].map(read);
  rmSync(out, { recursive: true });
  expect([status, stdout]).toEqual([0, texts[0]]);
  expect(stdout).toMatch(new RegExp(`^dev at ${at}: account 123456789012, eu-west-1\n`));
  expect(stdout).toMatch(/^shop\.billing +orders-api +read-only +ServiceAccount shop\/orders-api$/m);
  expect(stdout).not.toContain("prod");
  expect(texts[1]).toMatch(/^# Access to PostgreSQL in dev\n/);
  expect(texts[2]).toMatch(/^<!doctype html>/);
  const { version, environments } = JSON.parse(texts[3] ?? "");
  expect([version, Object.keys(environments), environments.dev.version]).toEqual([1, ["dev"], 1]);
});

test("--log tells the history of an identity, a line a commit", () => {
  const { status, stdout } = project.review(["dev", "--log", "orders-api"]);
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /^\d{4}-\d\d-\d\d {2}[0-9a-f]{10} {2}Ann Author {2}dev: orders-api: a new service; .*\n$/,
  );
});

describe("what it is not called with", () => {
  test.each<[readonly string[], string]>([
    [["--at", "HEAD", "--base", "HEAD"], "--at does not go with --base."],
    [["--check", "--head", "HEAD"], "--check does not go with --head."],
    [["--log", "orders-api", "--format", "html"], 'There is no format "html" here. Known: json, text.'],
    [["--log", "no-such"], 'There never was an identity or schema "no-such".'],
    [["devv"], 'there is no environment devv. Did you mean "dev"?'],
    [["--out", "package.json"], "package.json cannot be written to (EEXIST): --out names a folder."],
    [["--format", "jsn"], 'There is no format "jsn" here. Did you mean "json"?'],
    [["--format", "text,json"], "Several formats need --out, a folder to write them to."],
    [["--base="], "--base needs a value."],
    [["--base", "no-such"], '--base "no-such" is neither a folder nor a revision'],
  ])("%j", (args, message) => {
    const { status, stdout, stderr } = project.review(args);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
