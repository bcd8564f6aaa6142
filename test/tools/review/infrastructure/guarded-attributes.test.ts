import { describe, expect, test } from "@jest/globals";
import { compareStacks } from "../../../../tools/review/infrastructure/compare-stacks";
import { GUARDED_ATTRIBUTES } from "../../../../tools/review/infrastructure/guarded-attributes";
import { ABSENT, CASES, REPLACES } from "./guarded-cases";
import { type Json, stacks } from "./stacks";

describe.each(CASES)("%s.%s from %j to %j", (type, path, before, after, kind, back) => {
  test(`is ${kind}, and back ${back}`, () => {
    expect(found(type, path, before, after)).toEqual([kind]);
    expect(found(type, path, after, before)).toEqual([back]);
  });
});

describe.each(REPLACES.slice(0, -1))("%s.%s from %j to %j", (type, path, before, after, kind, back) => {
  test(`is ${kind} beside what becomes of the resource, and back ${back}`, () => {
    expect(found(type, path, before, after)).toContain(kind);
    expect(found(type, path, after, before)).toContain(back);
  });
});

test("every row of the table has a case", () => {
  const cases = [...CASES, ...REPLACES];
  const without = GUARDED_ATTRIBUTES.filter(
    ({ path, types }) => !cases.some((each) => each[1] === path && (types?.includes(each[0]) ?? true)),
  );
  expect(without.map(({ path }) => path)).toEqual([]);
});

test("a public endpoint is for the addresses it lists, and for all when it lists none", () => {
  const [open, cidrs] = ["vpc_config.endpoint_public_access", "vpc_config.public_access_cidrs"];
  const between = (before: Json, after: Json) =>
    kinds("aws_eks_cluster", { [open]: true, [cidrs]: before }, { [open]: true, [cidrs]: after });
  expect(between(["10.0.0.0/8"], ABSENT)).toEqual(["reach-widened"]);
  expect(between(ABSENT, ["10.0.0.0/8"])).toEqual(["reach-narrowed"]);
  expect(between(["10.0.0.0/8"], ["10.1.0.0/16", "10.2.0.0/16"])).toEqual(["reach-narrowed"]);
  expect(between(["10.1.0.0/16"], ["10.0.0.0/8"])).toEqual(["reach-widened"]);
  expect(kinds("aws_eks_cluster", { [open]: false }, { [open]: true, [cidrs]: ["10.0.0.0/8"] })).toEqual([
    "reach-widened",
    "reach-widened",
  ]);
});

test("what is no number may be any", () => {
  expect(found("aws_rds_cluster", "backup_retention_period", 7, "${local.days}")).toEqual(["protection-off"]);
});

/** Kinds of what changes when one attribute of a resource does. */
function found(type: string, path: string, before: Json, after: Json): string[] {
  return kinds(type, { [path]: before }, { [path]: after });
}

function kinds(type: string, before: Json, after: Json): string[] {
  const all = stacks();
  const [id = "", stack] = [...all].find(([, each]) => each.resource[type]) ?? [];
  const name = Object.keys(stack.resource[type])[0] ?? "";
  const side = (attributes: Json) => {
    const copy = structuredClone(stack);
    for (const [path, value] of Object.entries(attributes)) set(copy.resource[type][name], path, value);
    return new Map([[id, copy]]);
  };
  return compareStacks(side(before), side(after)).findings.map((finding) => finding.kind);
}

function set(body: Json, path: string, value: Json): void {
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const holder = keys.reduce((at, key) => {
    at[key] ??= {};
    return Array.isArray(at[key]) ? at[key][0] : at[key];
  }, body);
  if (value === undefined) delete holder[last];
  else holder[last] = value;
}
