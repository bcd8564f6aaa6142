import { describe, expect, test } from "@jest/globals";
import { compareStacks } from "../../../../tools/review/infrastructure/compare-stacks";
import { explainedByPlan } from "../../../../tools/review/infrastructure/explained";
import { oneIn } from "../../../helpers/extent";
import { type Json, kindsOfLeaves, WAYS, withLeaf } from "../leaves";
import { stacks } from "./stacks";

// The other environment has the same kinds of resources.
describe.each([...stacks().keys()].filter((id) => id.startsWith("dev-")))("%s", (id) => {
  const before = stacks(id);
  const after = stacks(id);
  const stack = after.get(id);

  test.each(oneIn(3, WAYS))("no leaf may be %s without a finding", (_, to) => {
    const silent = kindsOfLeaves(stack).filter((path) => {
      return compareStacks(before, new Map([[id, withLeaf(stack, path, to)]])).findings.length === 0;
    });
    expect(silent.map((path) => path.join("/"))).toEqual([]);
  });
});

test("stacks that are the same have no finding and no count", () => {
  expect(compareStacks(stacks(), stacks())).toEqual({ findings: [], counts: [] });
});

/** The same value with its keys the other way round. */
function turned(value: Json): Json {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, each]) => [key, turned(each)]),
  );
}

test("another order of keys is nothing, and neither is what cdktf notes beside the configuration", () => {
  // Copied as the other side is: of Jest's own making, objects are of another class.
  const after = structuredClone(new Map([...stacks()].map(([id, stack]) => [id, turned(stack)])));
  for (const stack of after.values()) {
    stack["//"] = { metadata: { version: "0.22.0" } };
    for (const byName of Object.values<Json>(stack.resource)) {
      for (const body of Object.values<Json>(byName)) body["//"] = { metadata: {} };
    }
  }
  expect(compareStacks(stacks(), after)).toEqual({ findings: [], counts: [] });
});

test("of the access stack no leaf is silent that the access plan does not decide", () => {
  const id = "dev-access";
  const before = stacks(id);
  const explained = explainedByPlan("dev");
  const silent = kindsOfLeaves(before.get(id)).filter((path) => {
    const copy = withLeaf(before.get(id), path, (value) =>
      typeof value === "string" ? `${value}x` : !value,
    );
    return compareStacks(before, new Map([[id, copy]]), explained).findings.length === 0;
  });
  const attributes = silent.map(([part, type, , attribute]) => [part, type, attribute].join(" "));
  expect([...new Set(attributes)].sort()).toMatchInlineSnapshot(`
    [
      "resource aws_iam_role assume_role_policy",
      "resource aws_iam_role description",
      "resource aws_iam_role name",
      "resource aws_iam_role_policy name",
      "resource aws_iam_role_policy policy",
      "resource aws_iam_role_policy role",
      "resource kubernetes_config_map_v1 data",
      "resource kubernetes_config_map_v1 metadata",
      "resource kubernetes_namespace_v1 metadata",
      "resource kubernetes_network_policy_v1 metadata",
      "resource kubernetes_network_policy_v1 spec",
      "resource kubernetes_service_account_v1 automount_service_account_token",
      "resource kubernetes_service_account_v1 metadata",
      "resource postgresql_database depends_on",
      "resource postgresql_default_privileges database",
      "resource postgresql_default_privileges depends_on",
      "resource postgresql_default_privileges object_type",
      "resource postgresql_default_privileges owner",
      "resource postgresql_default_privileges privileges",
      "resource postgresql_default_privileges role",
      "resource postgresql_default_privileges schema",
      "resource postgresql_grant database",
      "resource postgresql_grant depends_on",
      "resource postgresql_grant object_type",
      "resource postgresql_grant privileges",
      "resource postgresql_grant role",
      "resource postgresql_grant schema",
      "resource postgresql_role assume_role",
      "resource postgresql_role connection_limit",
      "resource postgresql_role depends_on",
      "resource postgresql_role login",
      "resource postgresql_role name",
      "resource postgresql_role roles",
      "resource postgresql_schema name",
      "resource postgresql_schema owner",
    ]
  `);
});
