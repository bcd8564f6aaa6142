import { describe, expect, test } from "@jest/globals";
import { differences, pathText } from "../../../../tools/review/infrastructure/differences";
import {
  fateOf,
  RESOURCE_TYPES,
  resourceType,
  words,
} from "../../../../tools/review/infrastructure/types/fate";
import { synthApp } from "../../../helpers/app";
import { parse, testEnvironments } from "../../../helpers/environment";
import { INSTANCE, mixYaml, NETWORK, OTHER_CLUSTER } from "../../../stacks/existing-mixes";

/** Every resource that the test environments have, and what is made beside what exists. */
const resources = [
  synthApp(...testEnvironments()),
  synthApp(parse(mixYaml({ network: NETWORK, cluster: OTHER_CLUSTER, database: INSTANCE }))),
]
  .flatMap((stacks) => [...stacks.values()])
  .flatMap((stack) => Object.entries(stack.resource ?? {}))
  .flatMap(([type, byName]) => Object.values(byName).map(({ "//": _, ...body }) => ({ type, body })));

test("every type of resource that a stack has is in the tables", () => {
  const types = [...new Set(resources.map(({ type }) => type))].sort();
  expect(types.filter((type) => resourceType(type) === undefined)).toEqual([]);
  expect(types.length).toBeGreaterThan(45);
});

test("no type is in the tables that no stack has", () => {
  const types = new Set(resources.map(({ type }) => type));
  expect(Object.keys(RESOURCE_TYPES).filter((type) => !types.has(type))).toEqual([]);
});

test("of every attribute that a stack gives, the tables know what becomes of the resource when it changes", () => {
  const unknown = resources.flatMap(({ type, body }) =>
    differences({}, body)
      .filter(({ path }) => path[0] !== "lifecycle" || path[1] !== "ignore_changes")
      .filter(({ path }) => fateOf(type, path) === "not known")
      .map(({ path }) => `${type}: ${pathText(path)}`),
  );
  expect([...new Set(unknown)]).toEqual([]);
});

describe.each(Object.keys(RESOURCE_TYPES))("the row of %s", (type) => {
  const row = RESOURCE_TYPES[type];
  const lists = [row?.replaces, row?.replacesWhenGone, row?.inPlace].map((list) =>
    words(list).map((path) => path.join(".")),
  );

  test("is in order, and says of no attribute two things", () => {
    for (const list of lists) expect(list).toEqual([...list].sort());
    const all = lists.slice(0, 1).concat(lists.slice(2)).flat();
    expect(all).toEqual([...new Set(all)]);
  });

  test("says that a change of each attribute does what the list says", () => {
    for (const path of words(row?.replaces)) expect(fateOf(type, path)).toBe("replaced");
    for (const path of words(row?.inPlace)) expect(fateOf(type, path)).toBe("in place");
    for (const path of words(row?.replacesWhenGone)) expect(fateOf(type, path, true)).toBe("replaced");
  });
});

test("what is in no list may do either", () => {
  expect(fateOf("aws_rds_cluster", ["of_a_later_provider"])).toBe("not known");
  expect(fateOf("aws_of_a_later_provider", ["name"])).toBe("not known");
});

test("a whole block counts as the attribute in it that replaces", () => {
  expect(fateOf("aws_instance", ["root_block_device"])).toBe("replaced");
  expect(fateOf("aws_instance", ["root_block_device", "volume_size"])).toBe("in place");
});
