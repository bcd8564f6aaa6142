import { describe, expect, test } from "@jest/globals";
import type { AcceptedFinding } from "../../../model/access/plan";
import { DRIFT_TOPICS } from "../../../model/config/verify/drift";
import type { Finding } from "../../../tools/verify/finding";
import { judge } from "../../../tools/verify/judge";
import { holdsNothing } from "./made";

const TEMPORARY: Finding = {
  kind: "extra",
  topic: "grant",
  subject: "database shop",
  detail: "PUBLIC has TEMPORARY",
  fix: "REVOKE …",
};
const acceptance = { owner: "orders team", reason: "OPS-1234", until: "2027-01-01T00:00:00Z" };
const { fix: _, ...named } = TEMPORARY;
const accepting: AcceptedFinding = { ...named, ...acceptance };
const BEFORE = new Date("2026-12-31T23:59:59.999Z");
const AT_THE_END = new Date("2027-01-01T00:00:00.000Z");

const judged = (
  findings: readonly Finding[],
  accepted: readonly AcceptedFinding[] = [accepting],
  now = BEFORE,
) => judge({ holds: holdsNothing(), findings, notChecked: [] }, accepted, now);

test("what is accepted is shown apart, with who sees to it, and does not count", () => {
  expect(judged([TEMPORARY])).toMatchObject({
    findings: [],
    accepted: [{ ...TEMPORARY, acceptance }],
    noLongerFound: [],
  });
});

test("at the instant that it ends, and not a millisecond before, it counts again and says so", () => {
  expect(judged([TEMPORARY], [accepting], BEFORE).findings).toEqual([]);
  expect(judged([TEMPORARY], [accepting], AT_THE_END)).toMatchObject({
    findings: [{ ...TEMPORARY, acceptance }],
    accepted: [],
    noLongerFound: [],
  });
});

test("of an end that nobody can read it counts", () => {
  const { findings } = judged([TEMPORARY], [{ ...accepting, until: "when it is done" }]);
  expect(findings).toHaveLength(1);
});

describe("an acceptance is for exactly one finding", () => {
  test.each<[string, Partial<Finding>]>([
    ["kind", { kind: "different" }],
    ["topic", { topic: DRIFT_TOPICS[0] }],
    ["subject", { subject: "database shop2" }],
    ["detail", { detail: "PUBLIC has CONNECT, TEMPORARY" }],
    ["letter case", { subject: "Database shop" }],
    ["place of words", { subject: "database", detail: "shop PUBLIC has TEMPORARY" }],
  ])("and another %s is another one", (_, different) => {
    const other = { ...TEMPORARY, ...different };
    expect(judged([other])).toEqual({
      holds: holdsNothing(),
      findings: [other],
      accepted: [],
      noLongerFound: [accepting],
      notChecked: [],
    });
  });

  test("so another statement that mends it changes nothing", () => {
    expect(judged([{ ...TEMPORARY, fix: "other", by: "superuser", database: "shop" }]).accepted).toHaveLength(
      1,
    );
  });

  test("and what stands for any text stands for itself", () => {
    for (const detail of ["*", "PUBLIC has .*", "%", ""]) {
      expect(judged([TEMPORARY], [{ ...accepting, detail }]).findings).toEqual([TEMPORARY]);
    }
  });
});

test("one that says how many and not which is never accepted, since others could take their place", () => {
  const many: Finding = { ...TEMPORARY, subject: "12 tables in shop.orders", unnamed: true };
  const { findings, accepted, noLongerFound } = judged([many], [{ ...accepting, subject: many.subject }]);
  expect([findings, accepted, noLongerFound]).toEqual([[{ ...many, acceptance }], [], []]);
});

test("one of many is taken out, and the others stay in their order", () => {
  const others = ["a", "b", "c"].map((subject) => ({ ...TEMPORARY, subject }));
  const { findings, accepted } = judged([...others.slice(0, 2), TEMPORARY, ...others.slice(2)]);
  expect(findings).toEqual(others);
  expect(accepted).toHaveLength(1);
});
