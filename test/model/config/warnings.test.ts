import { describe, expect, test } from "@jest/globals";
import { markdownText } from "../../../lib/markdown";
import { UserError } from "../../../lib/user-error";
import { accessPlan } from "../../../model/access/plan";
import { accessReport } from "../../../model/access/report";
import { type Warning, warningsToSay } from "../../../model/config/warnings";
import { parse, problemsOf, warningsOf } from "../../helpers/environment";
import { withServices } from "./mistakes";

const UNOWNED = withServices(
  "a: { namespace: n, grants: { shop.orders: owner } }\nb: { namespace: n, grants: { shop.billing: read-write } }",
);
const SENTENCE =
  "shop.billing is written to, and no identity owns it, so none can create its tables; give a service for migrations shop.billing: owner";

/** An environment with these warnings. */
const having = (...warnings: Partial<Warning>[]) => [
  {
    warnings: warnings.map(
      (warning): Warning => ({
        kind: "schema-without-owner",
        place: "dev.yaml:1:1",
        key: "access",
        message: "look",
        ...warning,
      }),
    ),
  },
];

/** The messages of the mistake that a function makes; throws when it makes none. */
function mistake(make: () => unknown): readonly string[] {
  try {
    make();
  } catch (error) {
    if (error instanceof UserError) return error.messages;
    throw error;
  }
  throw new Error("No mistake was made.");
}

describe("a warning", () => {
  test("leaves a file usable, and has a place and advice as an error has", () => {
    expect(warningsOf(UNOWNED)).toEqual([`5:23: ${SENTENCE}`]);
    expect(problemsOf(UNOWNED)).toEqual([]);
    // Nobody can own public.
    expect(warningsOf(UNOWNED.replaceAll("billing", "public"))).toEqual([]);
    expect(warningsToSay([parse(UNOWNED)], "", "2026-01-01")).toEqual([
      `test.yaml:5:23: warning: ${SENTENCE} [schema-without-owner]`,
    ]);
  });

  test("is said beside the errors of its file, in the order of the lines", () => {
    expect(mistake(() => parse(UNOWNED.replace("name: test", "name: Test")))).toEqual([
      expect.stringContaining("test.yaml:1:7: must be"),
      `test.yaml:5:23: warning: ${SENTENCE} [schema-without-owner]`,
    ]);
  });

  test("is in access.md by its key, since lines move with every comment", () => {
    const report = (text: string) => {
      const environment = parse(text);
      return accessReport(accessPlan(environment), environment.warnings);
    };
    expect(report(UNOWNED)).toContain(
      `## Warnings\n\n| key | what to look at |\n| --- | --- |\n| \`access.databases.shop\` | ${markdownText(SENTENCE)} |\n`,
    );
    expect(report(`# A comment.\n${UNOWNED}`)).toBe(report(UNOWNED));
    expect(report(UNOWNED.replace("shop.billing: read-write", "shop.billing: read-only"))).not.toContain(
      "Warnings",
    );
  });

  test("is an error with WARNINGS=error, by the same words", () => {
    expect(mistake(() => warningsToSay(having({}), "error", "2026-01-01"))).toEqual([
      "dev.yaml:1:1: warning: look [schema-without-owner]",
      "WARNINGS=error makes warnings errors.",
    ]);
    expect(warningsToSay(having(), "error", "2026-01-01")).toEqual([]);
  });

  test("that the file accepts is in access.md alone, with the reason", () => {
    const accepting = (kind: string) => `${UNOWNED}acceptedWarnings: { ${kind}: our DBA makes the tables }\n`;
    const environment = parse(accepting("schema-without-owner"));
    expect(warningsToSay([environment], "error", "2026-01-01")).toEqual([]);
    expect(accessReport(accessPlan(environment), environment.warnings)).toContain(
      `${markdownText(SENTENCE)} (accepted: our DBA makes the tables) |`,
    );
    expect(warningsToSay([parse(accepting("name-in-quotes"))], "", "2026-01-01")).toHaveLength(1);
    const wrong = accepting("schema-without-owner").replace("name: test", "name: Test");
    expect(mistake(() => parse(wrong))).toHaveLength(1);
    expect(mistake(() => parse(accepting("schema-without-ovner")))).toEqual([
      expect.stringContaining("warning: "),
      'test.yaml:10:21: unknown key "schema-without-ovner". Did you mean "schema-without-owner"?',
    ]);
    expect(problemsOf(`${UNOWNED}acceptedWarnings: { name-in-quotes: "" }\n`)).toHaveLength(1);
  });

  test("has no other mode", () => {
    expect(mistake(() => warningsToSay(having(), "none", "2026-01-01"))).toEqual([
      'WARNINGS must be error, or not set, got: "none"',
    ]);
  });
});

describe("a warning for some days", () => {
  const days = { from: "2026-09-01", until: "2026-12-02" };

  test.each([
    ["2026-08-31", 0],
    ["2026-09-01", 1],
    ["2026-12-01", 1],
    ["2026-12-02", 0],
  ])("is said from the first to the last of them: on %s %d times", (today, times) => {
    expect(warningsToSay(having({ days }), undefined, today)).toHaveLength(times);
  });

  test("without a last one is said for ever", () => {
    expect(warningsToSay(having({ days: { from: "2026-09-01" } }), undefined, "2099-01-01")).toHaveLength(1);
  });

  test("is in no file that is written", () => {
    const [{ warnings }] = [...having({ days }), { warnings: [] }];
    expect(accessReport(accessPlan(parse()), warnings)).toBe(accessReport(accessPlan(parse())));
  });
});
