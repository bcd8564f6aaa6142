import { posix } from "node:path";
import { expect, test } from "@jest/globals";
import { links, PAGES, page } from "./pages";

const FOLDER = "docs/decisions/";
const RECORDS = PAGES.filter(({ path }) => path.startsWith(FOLDER) && !path.endsWith("/README.md"));

test("decision records are numbered without a gap", () => {
  const numbers = RECORDS.map(({ path }) => Number(posix.basename(path).slice(0, 4))).sort((a, b) => a - b);
  expect(numbers.length).toBeGreaterThan(10);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
});

test("each says when, what, which options lost, and what follows", () => {
  const form =
    /^# .+\n\nDate: \d{4}-\d{2}-\d{2}\n\n## Decision\n[\s\S]+\n## What lost\n\n- \*[\s\S]+\n## Consequences\n\n./;
  expect(RECORDS.filter(({ text }) => !form.test(text)).map(({ path }) => path)).toEqual([]);
});

test("the index lists every record, with its title and date", () => {
  const index = page(`${FOLDER}README.md`);
  expect(links(index).map(({ path }) => path)).toEqual(RECORDS.map(({ path }) => path).sort());
  for (const { path, text } of RECORDS) {
    const [, title = "", date = ""] = /^# (.+)\n\nDate: (.+)\n/.exec(text) ?? [];
    const name = posix.basename(path);
    expect(index.text).toContain(`| ${name.slice(0, 4)} | [${title}](${name}) | ${date} |`);
  }
});
