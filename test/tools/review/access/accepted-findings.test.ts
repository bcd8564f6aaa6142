import { expect, test } from "@jest/globals";
import { DEFAULT_RULES, decisionOf } from "../../../../model/config/review/schema";
import { compareAccess } from "../../../../tools/review/access/compare-access";
import { planProblem } from "../../../../tools/review/access/plan-shape";
import { altered, compared, type Json, planOf } from "./plans";

const accepting = planOf("everywhere");
const changed = (change: (finding: Json) => void) =>
  altered(accepting, ({ acceptedFindings: [finding] }) => change(finding));
const strict = altered(accepting, (plan) => {
  delete plan.acceptedFindings;
});

test("drift that is newly accepted asks for approval; that is accepted no more is shown", () => {
  expect(compared(strict, accepting)).toEqual([
    "drift-accepted: everywhere: npm run verify does not count extra: database shop PUBLIC has TEMPORARY, through 2099-12-31 (UTC) (orders team: the old report makes temporary tables until it is replaced, OPS-1234)",
  ]);
  expect(compared(accepting, strict)).toEqual([
    "drift-not-accepted: everywhere: npm run verify counts extra: database shop PUBLIC has TEMPORARY",
  ]);
  expect(decisionOf("drift-accepted", DEFAULT_RULES)).toBe("approve");
  expect(decisionOf("drift-not-accepted", DEFAULT_RULES)).toBe("notify");
});

test("an environment that is new has what it accepts approved as well", () => {
  const kinds = (plan: typeof accepting) => compareAccess(undefined, plan).map(({ kind }) => kind);
  expect(kinds(accepting)).toContain("drift-accepted");
  expect(kinds(strict)).not.toContain("drift-accepted");
});

test("to accept it for longer is widened, for less narrowed; of an end that cannot be read, the first", () => {
  const earlier = changed((finding) => {
    finding.until = "2026-12-31T17:00:00Z";
  });
  const unreadable = changed((finding) => {
    finding.until = "when it is done";
  });
  expect(compared(earlier, accepting)).toEqual([
    "drift-accepted: everywhere: npm run verify does not count extra: database shop PUBLIC has TEMPORARY for longer: it is accepted through 2099-12-31 (UTC), and was until 2026-12-31 17:00 UTC",
  ]);
  expect(compared(accepting, earlier)).toEqual([
    "drift-not-accepted: everywhere: npm run verify counts extra: database shop PUBLIC has TEMPORARY earlier: it is accepted until 2026-12-31 17:00 UTC, and was through 2099-12-31 (UTC)",
  ]);
  for (const [before, after] of [
    [accepting, unreadable],
    [unreadable, accepting],
  ] as const) {
    expect(compareAccess(before, after).map(({ kind }) => kind)).toEqual(["drift-accepted"]);
  }
});

test("another owner or reason is told in one line", () => {
  const other = changed((finding) => {
    finding.owner = "billing team";
    finding.reason = "another";
  });
  expect(compared(accepting, other)).toEqual([
    'reason-changed: everywhere: why npm run verify does not count extra: database shop PUBLIC has TEMPORARY is "billing team: another", and was "orders team: the old report makes temporary tables until it is replaced, OPS-1234"',
  ]);
});

test("another detail, subject, topic or kind is another finding, and so one more and one less", () => {
  for (const field of ["kind", "topic", "subject", "detail"]) {
    const other = changed((finding) => {
      finding[field] += "s";
    });
    expect(
      compareAccess(accepting, other)
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(["drift-accepted", "drift-not-accepted"]);
  }
});

test("what another version knows of one has no words, and one that comes twice cannot be compared", () => {
  const wider = changed((finding) => {
    finding.pattern = true;
  });
  expect(compareAccess(accepting, wider).map(({ kind }) => kind)).toEqual(["unexplained"]);
  const twice = altered(accepting, (plan) => {
    plan.acceptedFindings.push({ ...plan.acceptedFindings[0], until: "2100-01-01T00:00:00Z" });
  });
  expect(planProblem(twice)).toContain("it has the accepted finding");
  expect(compareAccess(accepting, twice).map(({ kind }) => kind)).toEqual(["not-computed"]);
});
