import { afterAll, afterEach, expect, test } from "@jest/globals";
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
  const { status, stdout } = project.review(["dev"]);
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
