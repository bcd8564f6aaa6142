import { describe, expect, test } from "@jest/globals";
import { accessPlan } from "../../../../model/access/plan";
import { accessReport } from "../../../../model/access/report";
import { warningsToSay } from "../../../../model/config/warnings";
import { MINIMAL, parse } from "../../../helpers/environment";
import { problemsWith } from "../mistakes";

const TEMPORARY = {
  kind: "extra",
  topic: "grant",
  subject: "database shop",
  detail: "PUBLIC has TEMPORARY",
  owner: "orders team",
  reason: "the old report needs them",
  until: "2026-12-31",
};

const section = (...accepted: readonly object[]) => `verify: { accepted: ${JSON.stringify(accepted)} }`;
const environmentWith = (...accepted: readonly object[]) => parse(`${MINIMAL}${section(...accepted)}\n`);
const problems = (different: object) =>
  problemsWith(section({ ...TEMPORARY, ...different })).map((problem) => problem.replace(/^\d+:\d+: /, ""));

test("what is accepted is in the plan whatever the order of the file, with the instant at which it ends", () => {
  const other = { ...TEMPORARY, subject: "database board", until: "2026-12-31T18:00:00+01:00" };
  const plan = accessPlan(environmentWith(TEMPORARY, other));
  expect(plan.acceptedFindings).toEqual([
    { ...other, until: "2026-12-31T17:00:00Z" },
    { ...TEMPORARY, until: "2027-01-01T00:00:00Z" },
  ]);
  expect(accessPlan(environmentWith(other, TEMPORARY))).toEqual(plan);
});

test("a file that accepts nothing has the plan that it had", () => {
  expect(accessPlan(parse())).not.toHaveProperty("acceptedFindings");
  expect(accessPlan(parse(`${MINIMAL}verify: { accepted: [] }\n`))).toEqual(accessPlan(parse()));
});

test("access.md lists what is accepted, and shows names as they are", () => {
  const hostile = { ...TEMPORARY, subject: "role <b>`x`|y", detail: "is @everybody\n# here", owner: "a|b" };
  const report = accessReport(accessPlan(environmentWith(TEMPORARY, hostile)));
  expect(report).toContain("## Accepted differences of the live database\n");
  expect(report).toContain(
    "| extra | `database shop` PUBLIC has TEMPORARY | through 2026-12-31 (UTC) | orders team | the old report needs them |\n",
  );
  expect(report).toContain(
    "| extra | ``role <b>`x`\\|y`` is `@everybody\\u{a}#` here | through 2026-12-31 (UTC) | `a\\|b` | the old report needs them |\n",
  );
});

describe("an accepted finding", () => {
  test("says all that makes it one, who sees to it, why, and until when", () => {
    expect(problemsWith(section({}))).toHaveLength(Object.keys(TEMPORARY).length);
    expect(problems({ database: "shop" })).toEqual([expect.stringContaining("database")]);
  });

  test.each<[string, object, string]>([
    ["a kind that is none", { kind: "superfluous" }, 'got: "superfluous"'],
    ["a topic that is none", { topic: "grants" }, 'Did you mean "grant"?'],
    [
      "a session",
      { topic: "session" },
      "must be another topic: sessions come and go, so one is ended and not accepted",
    ],
    ["no subject", { subject: "" }, "must not be empty"],
    ["a detail without end", { detail: "x".repeat(4001) }, "must be at most 4000 characters"],
    ["nobody", { owner: " x" }, "must say whose it is, in a line of at most 100 characters"],
    ["an owner of two lines", { owner: "a\nb" }, "must say whose it is, in a line of at most 100 characters"],
    ["no reason", { reason: " " }, "must say why, in a line of at most 255 characters"],
    ["no end", { until: "never" }, "must be 2026-12-31, which is through the end of that day in UTC"],
    ["what Terraform would evaluate", { detail: "has the policy ${x}" }, "holds ${, which Terraform would"],
  ])("is not %s", (_, different, message) => {
    expect(problems(different)).toEqual([expect.stringContaining(message)]);
  });

  test("is accepted once, and is another one with another detail", () => {
    expect(problemsWith(section(TEMPORARY, { ...TEMPORARY, owner: "others", until: "2027-12-31" }))).toEqual([
      expect.stringMatching(
        /^11:\d+: "database shop" "PUBLIC has TEMPORARY" is accepted twice; keep this or that of "orders team"$/,
      ),
    ]);
    expect(problemsWith(section(TEMPORARY, { ...TEMPORARY, detail: "PUBLIC has CREATE" }))).toEqual([]);
    expect(problemsWith(section(TEMPORARY, { ...TEMPORARY, topic: "owner" }))).toEqual([]);
    expect(problemsWith(section(TEMPORARY, { ...TEMPORARY, kind: "different" }))).toEqual([]);
  });

  test("is warned of from its end on, to the second, and in no file", () => {
    const environment = environmentWith(TEMPORARY);
    const said = (now: string) => warningsToSay([environment], undefined, now);
    expect(said("2026-12-31T23:59:59Z")).toEqual([]);
    expect(said("2027-01-01T00:00:00Z")).toEqual([
      expect.stringMatching(
        /^test\.yaml:11:\d+: warning: "database shop" "PUBLIC has TEMPORARY" was accepted through 2026-12-31 \(UTC\), and counts again: mend it and take this out, or say a later end \[acceptance-ended\]$/,
      ),
    ]);
    const plan = accessPlan(environment);
    expect(accessReport(plan, environment.warnings)).toBe(accessReport(plan));
  });
});
