import { describe, expect, test } from "@jest/globals";
import { accessPlan } from "../../../../model/access/plan";
import { accessReport } from "../../../../model/access/report";
import { readUntil, untilInWords } from "../../../../model/config/access/until";
import { warningsToSay } from "../../../../model/config/warnings";
import { MINIMAL, parse, problemsOf } from "../../../helpers/environment";

const group = (more: string) => `${MINIMAL}  people:
    on-call:
      principals: ["arn:aws:iam::123456789012:role/OnCall"]
      grants: { shop.orders: read-only }
      ${more}
`;

describe("the end of somebody's access", () => {
  test.each([
    ["2026-12-31", "2027-01-01T00:00:00Z", "through 2026-12-31 (UTC)"],
    ["2028-02-29", "2028-03-01T00:00:00Z", "through 2028-02-29 (UTC)"],
    ["2026-12-31T18:00:00Z", "2026-12-31T18:00:00Z", "until 2026-12-31 18:00 UTC"],
    ["2026-12-31T18:00+01:00", "2026-12-31T17:00:00Z", "until 2026-12-31 17:00 UTC"],
    ["2026-12-31T23:59:59-05:30", "2027-01-01T05:29:59Z", "until 2027-01-01 05:29:59 UTC"],
    ["2026-12-31T01:00:00+14:00", "2026-12-30T11:00:00Z", "until 2026-12-30 11:00 UTC"],
    ["2027-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "through 2026-12-31 (UTC)"],
  ])("%s is the instant %s, %s", (text, instant, words) => {
    expect(readUntil(text)).toEqual({ instant });
    expect(untilInWords(instant)).toBe(words);
    const [people] = accessPlan(parse(group(`until: ${text}`))).identities;
    expect(people).toMatchObject({ until: instant });
  });

  const FORMS =
    "must be 2026-12-31, which is through the end of that day in UTC, or 2026-12-31T18:00:00+01:00, with its zone";
  test.each([
    [
      "2026-12-31T18:00:00",
      "must say the zone: 2026-12-31T18:00:00Z if it is meant in UTC, else such as 2026-12-31T18:00:00+01:00",
    ],
    ["2026-02-29", "there is no day 2026-02-29"],
    ["2026-13-01", "there is no day 2026-13-01"],
    ["2026-04-31T10:00:00Z", "there is no day 2026-04-31"],
    ["2026-12-00", "there is no day 2026-12-00"],
    ["2026-12-31T24:00:00Z", FORMS],
    ["2026-12-31T23:60:00Z", FORMS],
    ["2026-12-31T23:59:60Z", FORMS],
    ["2026-12-31T18:00:00+15:00", FORMS],
    ["2026-12-31T18:00:00.5Z", FORMS],
    ["2026-12-31 18:00:00Z", FORMS],
    ["31.12.2026", FORMS],
    ["26-12-31", FORMS],
    ["tomorrow", FORMS],
    ["2026-12-31\\n", FORMS],
  ])("is not %s", (text, message) => {
    const given = text.replaceAll('"', "").replace("\\n", "\n");
    expect(problemsOf(group(`until: ${JSON.stringify(given)}`))).toEqual([`15:14: ${message}`]);
  });

  test("is a text: a year alone is a number", () => {
    expect(problemsOf(group("until: 2026"))).toEqual([expect.stringContaining("15:14: ")]);
  });

  test("in another version's words are those words", () => {
    expect(untilInWords("the end")).toBe("until the end");
  });
});

test("the end of a group's access counts in the size of its policy, as that says it", () => {
  const members = Array.from({ length: 60 }, (_, index) => `member-${index}@acme.com`);
  const sizes = (more: string) =>
    problemsOf(group(`members: [${members}]${more}`)).map((line) =>
      Number(/has (\d+) characters/.exec(line)?.[1]),
    );
  const [policy = 0] = sizes("");
  const end = '"DateLessThan":{"aws:CurrentTime":"2027-01-01T00:00:00Z"},'.length;
  expect(sizes("\n      until: 2026-12-31")).toEqual([policy + 60 * end]);
});

describe("access that has ended", () => {
  const said = (until: string, now: string) =>
    warningsToSay([parse(group(`until: ${until}`))], undefined, now);

  test("is said from its end on, to the second, with what to do", () => {
    const day = [
      "test.yaml:15:14: warning: the access of on-call has ended, it was through 2026-12-31 (UTC): IAM lets nobody in; take the group out, or say a later end [access-ended]",
    ];
    expect(said("2026-12-31", "2026-12-31")).toEqual([]);
    expect(said("2026-12-31", "2026-12-31T23:59:59Z")).toEqual([]);
    expect(said("2026-12-31", "2027-01-01T00:00:00Z")).toEqual(day);
    expect(said("2026-12-31", "2027-05-01")).toEqual(day);
    expect(said("2026-12-31T18:00:00+01:00", "2026-12-31T16:59:59Z")).toEqual([]);
    expect(said("2026-12-31T18:00:00+01:00", "2026-12-31T17:00:00Z")).toHaveLength(1);
  });

  test("is in no file, which is the same on every day", () => {
    const ended = parse(group("until: 2001-12-31"));
    expect(ended.warnings.filter(({ days }) => !days)).toEqual([]);
    expect(accessReport(accessPlan(ended), ended.warnings)).toBe(accessReport(accessPlan(ended)));
    expect(accessReport(accessPlan(ended))).not.toContain("ended");
  });
});

describe("why somebody has access", () => {
  test("is what a line of an IAM role's description holds", () => {
    const longest = "x".repeat(250);
    for (const reason of ["Production support, OPS-1234", "Prüfung «2026», $5 | 10 %", "y", longest]) {
      expect(problemsOf(group(`reason: ${JSON.stringify(reason)}`))).toEqual([]);
    }
    for (const reason of [
      " x",
      "x ",
      "two\nlines",
      "tab\there",
      "Ω",
      "–",

      "\u00a0",
      `${longest}x`,
    ]) {
      expect(problemsOf(group(`reason: ${JSON.stringify(reason)}`))).toEqual([
        expect.stringMatching(
          /^15:15: must say why in a line of 1 to 250 characters that IAM takes in a description: Latin letters, digits and signs \(ISO 8859-1\), got: /,
        ),
      ]);
    }
  });

  test("is no expression of Terraform's", () => {
    expect(problemsOf(group('reason: "for ${local.x}"'))).toHaveLength(1);
  });

  test("and until when is in the report, whatever it looks like", () => {
    const page = accessReport(accessPlan(parse(group('until: 2026-12-31\n      reason: "*all* | @team"'))));
    expect(page).toContain("| `role/OnCall`<br>through 2026-12-31 (UTC)<br>why: `*all*` `\\|` `@team` |");
  });
});
