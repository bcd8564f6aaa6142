import { describe, expect, test } from "@jest/globals";
import type { AccessPlan } from "../../../../model/access/plan";
import { DEFAULT_RULES } from "../../../../model/config/review/schema";
import { compareAccess } from "../../../../tools/review/access/compare-access";
import { planProblem } from "../../../../tools/review/access/plan-shape";
import { changeOf } from "../../../../tools/review/history/target";
import {
  htmlReport,
  jsonReport,
  markdownReport,
  reviewSides,
  type Side,
  textReport,
} from "../../../../tools/review/review";
import { altered, compared, identityIn, planOf } from "./plans";

const PRINCIPALS = '      principals: ["arn:aws:iam::123456789012:role/OnCall"]\n';
/** The plan of dev, with more keys of on-call. */
const having = (...keys: readonly string[]) =>
  planOf("dev", { [PRINCIPALS]: `${PRINCIPALS}${keys.map((key) => `      ${key}\n`).join("")}` });
const dev = planOf("dev");

test("access that ends, or ends earlier, is narrowed; that ends later, or never, is widened", () => {
  const [day, later, hour] = [
    having("until: 2026-12-31"),
    having("until: 2027-01-31"),
    having("until: 2026-12-31T18:00:00+01:00"),
  ];
  expect(compared(dev, day)).toEqual([
    "trust-narrowed: on-call: its access ends by itself: through 2026-12-31 (UTC)",
  ]);
  expect(compared(day, dev)).toEqual([
    "trust-widened: on-call: its access no longer ends by itself, and was through 2026-12-31 (UTC)",
  ]);
  expect(compared(day, later)).toEqual([
    "trust-widened: on-call: its access lasts longer: through 2027-01-31 (UTC), and was through 2026-12-31 (UTC)",
  ]);
  expect(compared(later, day)).toEqual([
    "trust-narrowed: on-call: its access ends earlier: through 2026-12-31 (UTC), and was through 2027-01-31 (UTC)",
  ]);
  expect(compared(day, hour)).toEqual([
    "trust-narrowed: on-call: its access ends earlier: until 2026-12-31 17:00 UTC, and was through 2026-12-31 (UTC)",
  ]);
  expect(compared(hour, day)).toEqual([
    "trust-widened: on-call: its access lasts longer: through 2026-12-31 (UTC), and was until 2026-12-31 17:00 UTC",
  ]);
  // Another way to say the same.
  expect(compared(day, having("until: 2027-01-01T01:00:00+01:00"))).toEqual([]);
});

test("an end that only another version understands is widened, whichever side it is on", () => {
  const day = having("until: 2026-12-31");
  const other = altered(day, (plan) => {
    identityIn(plan, "on-call").until = "when it is done";
  });
  expect(compared(day, other)).toEqual([
    "trust-widened: on-call: its access lasts longer: until when it is done, and was through 2026-12-31 (UTC)",
  ]);
  expect(compared(other, day)).toEqual([
    "trust-widened: on-call: its access lasts longer: through 2026-12-31 (UTC), and was until when it is done",
  ]);
});

test("another reason is told, and asks for no approval", () => {
  const [one, other] = [having("reason: support"), having("reason: audit")];
  expect(compared(dev, one)).toEqual([
    'reason-changed: on-call: why it has access is "support", and was not said',
  ]);
  expect(compared(one, other)).toEqual([
    'reason-changed: on-call: why it has access is "audit", and was "support"',
  ]);
  expect(compared(one, dev)).toEqual([
    'reason-changed: on-call: why it has access is not said, and was "support"',
  ]);
});

test("a new group says until when and why it has access", () => {
  const without = altered(dev, (plan) => {
    plan.identities = plan.identities.filter(({ key }: { key: string }) => key !== "on-call");
  });
  const after = having("until: 2026-12-31", "reason: Support OPS-12");
  const [added] = compareAccess(without, after);
  expect(added?.text).toContain(
    "on-call: a new group of people; arn:aws:iam::123456789012:role/OnCall through 2026-12-31 (UTC) may log in as on_call",
  );
  expect(added?.details).toContain("why: Support OPS-12");
});

test("the history of a group says when its end and its reason changed", () => {
  const [before, after] = [
    having("until: 2026-12-31", "reason: support"),
    having("until: 2027-12-31", "reason: audit"),
  ];
  expect(changeOf("on-call", before, after).texts).toEqual([
    'on-call: why it has access is "audit", and was "support"',
    "on-call: its access lasts longer: through 2027-12-31 (UTC), and was through 2026-12-31 (UTC)",
  ]);
  expect(changeOf("reporting", before, after).texts).toEqual([]);
});

describe("a review of access that has ended", () => {
  const after = having("until: 2026-12-31", "reason: support");
  const side = (plan: AccessPlan): Side => ({
    name: "x",
    environments: new Map([["dev", { plan, stacks: new Map(), rules: DEFAULT_RULES }]]),
  });
  const at = (now?: string, before = dev) => reviewSides(side(before), side(after), { now });
  const LINE = "dev: on-call: its access was through 2026-12-31 (UTC)";

  test("says so from that instant on, in every report", () => {
    expect(at("2026-12-31T23:59:59Z").ended).toBeUndefined();
    expect(at().ended).toBeUndefined();
    const review = at("2027-01-01T00:00:00Z", after);
    expect(review.ended).toEqual([LINE]);
    expect(textReport(review)).toContain(`Ended: ${LINE}`);
    expect(markdownReport(review)).toContain("### Ended");
    expect(JSON.parse(jsonReport(review))).toMatchObject({ ended: [LINE] });
    expect(htmlReport(review)).toContain("Ended: dev: on-call");
    expect(reviewSides(side(after), side(dev), { now: "2027-01-01T00:00:00Z" }).ended).toBeUndefined();
  });

  test("has the same findings and the same digest on every day", () => {
    const asked = {
      ...DEFAULT_RULES,
      findings: { ...DEFAULT_RULES.findings, "trust-narrowed": "approve" as const },
    };
    const strict = (plan: AccessPlan): Side => ({
      name: "x",
      environments: new Map([["dev", { plan, stacks: new Map(), rules: asked }]]),
    });
    const [early, late] = ["2026-01-01", "2027-02-01"].map((now) =>
      reviewSides(strict(dev), strict(after), { now }),
    );
    expect(early?.digest).toMatch(/^[0-9a-f]{40}$/);
    expect({ ...late, ended: undefined }).toEqual({ ...early, ended: undefined });
    expect(late?.ended).toEqual([LINE]);
  });
});

test("an end or a reason that is no text is no plan of this version", () => {
  for (const field of ["until", "reason"]) {
    const other = altered(dev, (plan) => {
      identityIn(plan, "on-call")[field] = 5;
    });
    expect(planProblem(other)).toContain(field);
  }
});
