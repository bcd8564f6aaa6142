/** A part of the report, in as many words as there is room for. */
export interface ReportSection {
  readonly heading: string;
  /** All of it. */
  readonly full: string;
  /** What is left of it on a page that would be too large, and where the rest is. @default all of it */
  readonly short?: () => string;
}

/** Bytes that a page has at most: GitHub shows no more than 500 KiB of one. */
const MOST_BYTES = 500_000;

/**
 * Puts a page together. When it would be too large, the last parts are shortened first, then the larger ones are left out;
 * either says so.
 */
export function fittedPage(head: readonly string[], sections: readonly ReportSection[]): string {
  const bodies = sections.map(({ full }) => full);
  const page = () =>
    `${[...head, ...sections.flatMap(({ heading }, index) => [`## ${heading}`, bodies[index] ?? ""])].join("\n\n")}\n`;
  const leftOut = "Too much for this page: it is in `access-plan.json`, beside this file.";
  const steps = [
    ...sections.map(({ short, full }, index) => ({ index, body: short ?? (() => full) })).reverse(),
    ...sections.map((_, index) => ({ index, body: () => leftOut })).reverse(),
  ];
  let text = page();
  for (const { index, body } of steps) {
    if (Buffer.byteLength(text) <= MOST_BYTES) break;
    bodies[index] = body();
    text = page();
  }
  return text;
}

/** Names that are listed one by one where there may be many; of more it is said how many. */
const MOST_NAMES = 8;

/** The first of many names, and how many more there are. */
export function named(names: readonly string[]): string[] {
  const rest = names.length - MOST_NAMES;
  return rest > 0 ? [...names.slice(0, MOST_NAMES), `and ${rest} more`] : [...names];
}
