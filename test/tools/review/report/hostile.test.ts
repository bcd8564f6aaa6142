import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { terminalText } from "../../../../lib/terminal-text";
import type { Finding } from "../../../../tools/review/finding";
import { htmlReport } from "../../../../tools/review/html/html-report";
import { jsonReport } from "../../../../tools/review/report/json-report";
import { markdownReport } from "../../../../tools/review/report/markdown-report";
import { textReport } from "../../../../tools/review/report/text-report";
import type { Review } from "../../../../tools/review/result";
import { nastyText, OBEYED_BY_CI, withoutCode } from "../../../helpers/nasty";
import { KINDS, reviewOf } from "./made";

const finding = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    subject: nastyText,
    rest: nastyText,
    details: fc.array(nastyText, { maxLength: 2 }),
    also: fc.option(fc.record({ kind: fc.constantFrom(...KINDS), subject: nastyText, text: nastyText })),
  })
  .map(({ subject, rest, also, ...finding }): Finding => {
    const text = rest.length % 2 === 0 ? `${subject}: ${rest}` : rest;
    return { ...finding, subject, text, ...(also && { also: [also] }) };
  });

interface Hostile {
  readonly names: readonly string[];
  readonly findings: readonly Finding[];
  readonly other: string;
}

const hostile = fc.record({
  names: fc.uniqueArray(nastyText, { minLength: 1, maxLength: 3 }),
  findings: fc.array(finding, { maxLength: 4 }),
  other: nastyText,
});

/** A review in which every text that can come from a side is hostile. */
function hostileReview({ names, findings, other }: Hostile): Review {
  const counts = [{ stack: other, added: 1, changed: 0, replaced: 0, removed: 2 }];
  const made = Object.fromEntries(names.map((name, index) => [name, findings.slice(index)]));
  const whole = reviewOf(made, counts, findings.slice(0, 1));
  return {
    ...whole,
    base: other,
    approvedOther: other,
    head: other,
    environments: whole.environments.map((environment) => ({
      ...environment,
      after: environment.after && {
        ...environment.after,
        account: other,
        region: other,
        databases: environment.after.databases.map((database) => ({ ...database, name: other })),
      },
    })),
  };
}

/** What the report writes itself, and then nothing but plain words. */
const OF_THE_REPORT =
  /^(?:## |### |- \*\*widened\*\*|- )?(?:<details><summary>[A-Za-z0-9: ]*<\/summary>|<\/details>|\*\*\d+ of [a-z0-9 ]+\.\*\*.*|[| -]*|[A-Za-z0-9 |()'’"?,;:.→−–—…•-]*)$/u;
/** Commits, issues, emoji, sites, and lists in a list. */
const OF_GITHUB = /[0-9a-f]{7}|[a-z]-\d|\w:\w|\w\.\w|^ *- +(?:[-+]|\d+[.)])/i;

test("whatever names and texts hold, a comment takes none of it for Markdown, HTML, a mention or a link", () => {
  fc.assert(
    fc.property(hostile, (texts) => {
      const review = hostileReview(texts);
      const { page, codes } = withoutBlocks(markdownReport(review));
      const outside = page.map((line) => withoutCode(line).outside);
      expect(outside.filter((line) => !OF_THE_REPORT.test(line))).toEqual([]);
      expect(outside.filter((line) => OF_GITHUB.test(line))).toEqual([]);
      expect(codes.flat()).toEqual(codes.flat().map(terminalText));
      const all = page
        .map((line) => withoutCode(line.startsWith("|") ? line.replaceAll("\\|", "|") : line).shown)
        .join("\n");
      const words = review.environments.flatMap(({ findings }) =>
        findings.flatMap(({ text }) => terminalText(text).split(" ")),
      );
      // A word that stands first on no line need not be written out.
      expect(words.filter((word) => !asWritten(all).includes(asWritten(word)))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test("whatever names and texts hold, no line of any report is a command to a CI, or more than a line", () => {
  fc.assert(
    fc.property(hostile, (texts) => {
      const review = hostileReview(texts);
      const options = { command: texts.other };
      for (const report of [textReport(review, options), markdownReport(review), jsonReport(review)]) {
        const lines = report.split("\n");
        expect(lines.filter((line) => OBEYED_BY_CI.test(line) || terminalText(line) !== line)).toEqual([]);
      }
      expect(JSON.parse(jsonReport(review)).base).toBe(review.base);
    }),
    { numRuns: 300 },
  );
});

test("whatever names and texts hold, no line of the HTML is a command to a CI", () => {
  fc.assert(
    fc.property(hostile, ({ findings, ...texts }) => {
      const withContent = findings.map((finding) => ({
        ...finding,
        content: { [texts.other]: finding.text },
      }));
      const lines = htmlReport(hostileReview({ ...texts, findings: withContent })).split("\n");
      expect(lines.filter((line) => OBEYED_BY_CI.test(line))).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

/** The lines of a page, and the lines of each block of code. */
function withoutBlocks(markdown: string): { page: string[]; codes: string[][] } {
  const page: string[] = [];
  const codes: string[][] = [];
  let fence: string | undefined;
  for (const line of markdown.split("\n")) {
    if (fence === undefined && /^`{3,}$/.test(line)) {
      fence = line;
      codes.push([]);
    } else if (line === fence) fence = undefined;
    else if (fence === undefined) page.push(line);
    else codes.at(-1)?.push(line);
  }
  expect(fence).toBeUndefined();
  return { page, codes };
}

function asWritten(text: string): string {
  return text.replaceAll("\\u{3a}:", "::");
}
