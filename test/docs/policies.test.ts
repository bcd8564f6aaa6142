import { expect, test } from "@jest/globals";
import { deployerPermissions, POLICY } from "./deployer-permissions";
import { blocks, PAGES } from "./pages";

/** Every statement of the policies that pages show, with the page. */
const STATEMENTS = PAGES.flatMap((each) =>
  blocks(each)
    .filter(({ language, text }) => language === "json" && text.includes('"Statement"'))
    .flatMap(({ text }) => POLICY.parse(JSON.parse(text)).Statement)
    .map((statement) => ({ page: each.path, ...statement })),
);

test("policies of the docs are JSON, and spell every action out", () => {
  expect(STATEMENTS.length).toBeGreaterThan(3);
  for (const { page, Action } of STATEMENTS) {
    for (const action of Action) {
      expect([page, action]).toEqual([page, expect.stringMatching(/^[a-z0-9-]+:[A-Za-z]+$/)]);
    }
  }
});

test("who may start a session may use only the documents that the policy names, also when naming none", () => {
  const starts = STATEMENTS.filter(({ Action }) => Action.includes("ssm:StartSession"));
  expect(starts.length).toBeGreaterThan(1);
  for (const { page, Resource, Condition } of starts) {
    expect([page, Resource, Condition]).toEqual([
      page,
      expect.anything(),
      expect.objectContaining({ BoolIfExists: { "ssm:SessionDocumentAccessCheck": "true" } }),
    ]);
  }
});

test("a deployer's policy says each action once, which of them come from no test, and a wildcard only where it must", () => {
  const permissions = deployerPermissions();
  expect([...permissions.keys()]).toEqual(["dev-network", "dev-eks", "dev-database", "dev-access"]);
  for (const [stack, { allowed, byHand }] of permissions) {
    expect([stack, new Set(allowed).size]).toEqual([stack, allowed.length]);
    expect([stack, byHand.filter((action) => !allowed.includes(action))]).toEqual([stack, []]);
    expect([stack, byHand.length > 0]).toEqual([stack, true]);
  }
  const anywhere = STATEMENTS.filter(({ Resource }) => Resource?.includes("*"));
  for (const { page, Action, Condition } of anywhere) {
    // What has no resource yet is held to its tags.
    const reads = Action.every((action) => /:(Describe|List|Get)/.test(action));
    expect([page, Action, reads || JSON.stringify(Condition ?? {}).includes("aws:RequestTag/")]).toEqual([
      page,
      Action,
      true,
    ]);
  }
});
