import { expect, test } from "@jest/globals";
import {
  LEVEL_NAMES,
  LEVELS,
  type LevelDefinition,
  meansOnlyReading,
  OWNER,
  onlyReads,
} from "../../../model/postgresql/levels";

const levels: readonly (readonly [string, LevelDefinition])[] = LEVEL_NAMES.map((name) => [
  name,
  LEVELS[name],
]);

test.each(levels)("%s grants something on tables, or owns the schema", (_, { ownsSchema, privileges }) => {
  expect(ownsSchema || privileges.table.length > 0).toBe(true);
});

test.each(levels)(
  "%s grants nothing on what its group owns, which would show as drift for ever",
  (_, level) => {
    if (level.ownsSchema) expect(Object.values(level.privileges).flat()).toEqual([]);
  },
);

test.each(levels)("the words for %s name every privilege that it has on tables", (_, level) => {
  for (const privilege of level.privileges.table) expect(level.description).toContain(privilege);
});

test("one level owns the schema, since PostgreSQL has one owner", () => {
  expect(levels.filter(([, { ownsSchema }]) => ownsSchema).map(([name]) => name)).toEqual([OWNER]);
});

test("no two levels share a group role", () => {
  expect(new Set(levels.map(([, { suffix }]) => suffix)).size).toBe(levels.length);
});

test("who may write, execute functions or own something does more than read", () => {
  expect(LEVEL_NAMES.filter(onlyReads)).toEqual(["read-only"]);
  const reads: LevelDefinition = LEVELS["read-only"];
  const more: readonly Partial<LevelDefinition>[] = [
    { ownsSchema: true },
    { privileges: { ...reads.privileges, table: ["SELECT", "TRIGGER"] } },
    { privileges: { ...reads.privileges, sequence: ["SELECT", "USAGE"] } },
    { privileges: { ...reads.privileges, function: ["EXECUTE"] } },
  ];
  for (const each of more) expect(meansOnlyReading({ ...reads, ...each })).toBe(false);
  expect(meansOnlyReading({ ...reads, privileges: { table: ["SELECT"], sequence: [], function: [] } })).toBe(
    true,
  );
});
