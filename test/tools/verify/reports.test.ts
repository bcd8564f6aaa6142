import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { DRIFT_KINDS, DRIFT_TOPICS } from "../../../model/config/verify/drift";
import type { JudgedFinding } from "../../../tools/verify/result";
import { prometheusFailure, REPORTS } from "../../../tools/verify/verify";
import { randomCases } from "../../helpers/extent";
import { nastyText, OBEYED_BY_CI, withoutCode } from "../../helpers/nasty";
import { verifiedWith } from "./made";

const acceptance = { owner: "orders team", reason: "OPS-1234", until: "2027-01-01T00:00:00Z" };
const temporary: JudgedFinding = {
  kind: "extra",
  topic: "grant",
  subject: "database shop",
  detail: "PUBLIC has TEMPORARY",
  fix: "REVOKE TEMPORARY ON DATABASE shop FROM PUBLIC;",
};
const known = { ...temporary, acceptance };
const gone = {
  kind: "missing",
  topic: "role",
  subject: "role x",
  detail: "there is none",
  ...acceptance,
} as const;
const many = (count: number): JudgedFinding[] =>
  Array.from({ length: count }, (_, index) => ({ ...temporary, subject: `database d${index}` }));
const render = (format: keyof typeof REPORTS, different: Parameters<typeof verifiedWith>[0] = {}) =>
  REPORTS[format].render(verifiedWith(different));

describe("what it comes to is one sentence", () => {
  test.each<[number, number, string]>([
    [0, 0, "The database is as planned."],
    [1, 0, "There is 1 difference."],
    [2, 0, "There are 2 differences."],
    [0, 1, "The database is as planned, but for 1 difference that is accepted."],
    [0, 2, "The database is as planned, but for 2 differences that are accepted."],
    [3, 1, "There are 3 differences, and 1 difference that is accepted."],
  ])("with %i that count and %i that do not", (counted, accepted, sentence) => {
    const different = { findings: many(counted), accepted: Array.from({ length: accepted }, () => known) };
    expect(render("text", different).split("\n").at(-1)).toBe(sentence);
    expect(render("markdown", different)).toContain(`read as \`on_call\`. ${sentence}\n`);
  });
});

describe("for a terminal", () => {
  test("what is accepted is apart, with whose it is, why and until when; what is no longer found is to be taken out", () => {
    const text = render("text", { accepted: [known], noLongerFound: [gone] });
    expect(text).toContain(`
accepted
  extra: database shop PUBLIC has TEMPORARY
    accepted through 2026-12-31 (UTC), by orders team: OPS-1234

accepted and no longer found: take these out of verify.accepted
  missing: role x there is none (orders team)
`);
    expect(text).toMatch(/^ +holds +missing +different +extra +accepted$/m);
    expect(text).toMatch(/^grant +41 +0 +0 +0 +1$/m);
  });

  test("an acceptance that has ended, or that cannot hold, is said where the finding counts", () => {
    expect(render("text", { findings: [known] })).toContain(`
extra
  database shop PUBLIC has TEMPORARY
    it counts again: it was accepted through 2026-12-31 (UTC), by orders team: OPS-1234
    fix: REVOKE`);
    expect(render("text", { findings: [{ ...known, unnamed: true }] })).toContain(
      "\n    it cannot be accepted, since it says how many there are and not which\n",
    );
  });
});

test("for programs, everything is there by its name, and lists are there when they are empty", () => {
  expect(JSON.parse(render("json"))).toMatchObject({
    version: 1,
    findings: [],
    accepted: [],
    noLongerFound: [],
  });
  expect(JSON.parse(render("json", { accepted: [known], noLongerFound: [gone] }))).toEqual({
    version: 1,
    environment: "dev",
    holds: verifiedWith().holds,
    findings: [],
    accepted: [known],
    noLongerFound: [gone],
    notChecked: [],
  });
});

describe("for a comment", () => {
  test("differences are open, and what mends them and what is accepted is folded", () => {
    const markdown = render("markdown", {
      findings: [temporary],
      accepted: [{ ...known, subject: "database board" }],
    });
    expect(
      markdown.startsWith(
        "## Database of `dev`: 1 difference\n\n`environments/dev.yaml` against `db.example:5432`, ",
      ),
    ).toBe(true);
    expect(markdown).toContain("\n- **extra** `database shop` PUBLIC has TEMPORARY\n");
    expect(markdown).toContain(
      "<details><summary>What mends them</summary>\n\n\n`database shop` PUBLIC has TEMPORARY\n\n```\nfix: REVOKE TEMPORARY ON DATABASE shop FROM PUBLIC;\n```\n",
    );
    expect(markdown).toContain(
      "<details><summary>Accepted</summary>\n\n\n- **extra** `database board` PUBLIC has TEMPORARY: accepted through `2026-12-31` (UTC), by orders team: `OPS-1234`\n",
    );
    expect(markdown.match(/<details>/g)).toHaveLength(markdown.match(/<\/details>/g)?.length ?? 0);
  });

  test("what does not fit is counted, and the page stays one that GitHub takes", () => {
    const markdown = render("markdown", {
      findings: many(5_000),
      accepted: Array.from({ length: 500 }, () => known),
    });
    expect(Buffer.byteLength(markdown)).toBeLessThan(61_000);
    expect(markdown).toContain("There are 5000 differences");
    expect(markdown).toMatch(/\n\*\*\d{4} more differences\*\*: `--format json` has all\.\n/);
    expect(markdown).toContain("**500 more accepted differences**");
  });

  test("of names that would be Markdown, HTML, a mention or a command nothing is obeyed", () => {
    /** What the report writes itself. */
    const OWN =
      /^(<details><summary>[A-Za-z ]+<\/summary>|<\/details>|## |- \*\*(missing|different|extra)\*\* |- |\|.*\|$)/;
    fc.assert(
      fc.property(nastyText, nastyText, (name, other) => {
        const finding = { ...temporary, subject: name, detail: other, fix: `${name}${other}` };
        const markdown = render("markdown", {
          environment: name,
          file: other,
          findings: [finding, { ...finding, acceptance: { ...acceptance, owner: name, reason: other } }],
          accepted: [{ ...finding, acceptance: { ...acceptance, owner: name, reason: other } }],
          noLongerFound: [{ ...gone, subject: name, detail: other, owner: name }],
          notChecked: [{ subject: name, reason: other }],
        });
        for (const obeyed of ["\u001b", "\u202e", "\u200b", "\u2028", "\r"])
          expect(markdown).not.toContain(obeyed);
        let fence = "";
        let open = 0;
        for (const line of markdown.split("\n")) {
          expect(line).not.toMatch(OBEYED_BY_CI);
          const [run = ""] = /^`{3,}$/.exec(line) ?? [];
          if (fence !== "" || run !== "") {
            if (fence === "" || run === fence) fence = fence === "" ? run : "";
            continue;
          }
          open += Number(/^<details>/.test(line)) - Number(line === "</details>");
          const text = line.replace(OWN, "").replaceAll("`verify.accepted`", "");
          expect(withoutCode(text).outside).not.toMatch(/[<>[\]@#*_~|$]|^\s*(-|\d+[.)]) /);
        }
        expect([fence, open]).toEqual(["", 0]);
      }),
      randomCases(500),
    );
  });
});

describe("for Prometheus", () => {
  const ALL = DRIFT_TOPICS.length * DRIFT_KINDS.length;
  const samples = (text: string) => text.split("\n").filter((line) => !line.startsWith("#"));

  test("every topic and kind is a series, with 0 as well, and what is accepted is apart", () => {
    const text = render("prometheus", {
      findings: [temporary, ...many(2)],
      accepted: [{ ...known, topic: "owner", kind: "different" }],
      noLongerFound: [gone],
      notChecked: [{ subject: "passwords", reason: "none" }],
    });
    const of = (name: string) => samples(text).filter((line) => line.startsWith(`${name}{`));
    expect(of("postgresql_access_findings")).toHaveLength(ALL);
    expect(of("postgresql_access_accepted_findings")).toHaveLength(ALL);
    expect(samples(text).filter((line) => !line.endsWith(" 0"))).toEqual([
      'postgresql_access_verification_success{environment="dev"} 1',
      'postgresql_access_verification_last_success_timestamp_seconds{environment="dev"} 1798718400',
      'postgresql_access_findings{environment="dev",topic="grant",kind="extra"} 3',
      'postgresql_access_accepted_findings{environment="dev",topic="owner",kind="different"} 1',
      'postgresql_access_acceptances_no_longer_found{environment="dev"} 1',
      'postgresql_access_holds{environment="dev",topic="role"} 7',
      'postgresql_access_holds{environment="dev",topic="grant"} 41',
      'postgresql_access_not_checked{environment="dev"} 1',
    ]);
  });

  test("it is the text format: each name once with its help and type before its samples, and no timestamps", () => {
    const seen: string[] = [];
    let current = "";
    for (const line of render("prometheus").split("\n")) {
      const [, head, name = "", rest = ""] = /^(?:# (HELP|TYPE) )?([a-z_]+)(.*)$/.exec(line) ?? [];
      if (head === "HELP") {
        seen.push(name);
        current = name;
        expect(rest).toMatch(/^ [^\\\n]+\.$/);
      } else if (head === "TYPE") expect([name, rest]).toEqual([current, " gauge"]);
      else {
        expect(name).toBe(current);
        expect(rest).toMatch(/^\{[a-z]+="[^"\\]*"(,[a-z]+="[^"\\]*")*\} \d+$/);
      }
    }
    expect(seen).toEqual([...new Set(seen)]);
    expect(seen).toHaveLength(7);
  });

  test("names of the database are in no label, and a label is escaped", () => {
    const hostile = ['a"} 1\nx 2', "\\", "# TYPE x"].map((name) => ({
      ...temporary,
      subject: name,
      detail: name,
    }));
    expect(render("prometheus", { findings: hostile })).toBe(render("prometheus", { findings: many(3) }));
    const text = render("prometheus", { environment: 'a"b\\c\nd' });
    expect(samples(text)[0]).toBe('postgresql_access_verification_success{environment="a\\"b\\\\c\\nd"} 1');
  });

  test("of a verification that could not look nothing is said but that, and when the last one could", () => {
    const before = render("prometheus", { findings: [temporary] });
    expect(samples(prometheusFailure("dev", before))).toEqual([
      'postgresql_access_verification_success{environment="dev"} 0',
      'postgresql_access_verification_last_success_timestamp_seconds{environment="dev"} 1798718400',
    ]);
    // Again, and still the same; of no or another file, nobody knows.
    expect(prometheusFailure("dev", prometheusFailure("dev", before))).toBe(prometheusFailure("dev", before));
    for (const other of [undefined, "", "something else 3\n"]) {
      expect(samples(prometheusFailure("dev", other))).toEqual([
        'postgresql_access_verification_success{environment="dev"} 0',
      ]);
    }
  });
});
