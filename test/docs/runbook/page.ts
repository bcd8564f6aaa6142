import { page } from "../pages";

/** A text that somebody sees, as the runbook has it. */
export interface Row {
  /** The heading of its entry. */
  readonly heading: string;
  /** Who says it, such as `pg`, or `all` drivers. */
  readonly seenIn: readonly string[];
  /** The text; `…` stands for what differs: a name, a host, a number. */
  readonly text: string;
  /** SQLSTATE or another code that comes with it. @default none */
  readonly code?: string;
  /** Whether it is only seen now and then, as timing has it. @default whenever that is wrong */
  readonly sometimes?: true;
  /** Where it was read, for what cannot be caused here. @default a test causes it */
  readonly source?: string;
}

/** What somebody saw when something was wrong. */
export interface Seen {
  readonly heading: string;
  readonly by: string;
  readonly output: string;
}

const RUNBOOK = page("docs/runbook.md");
const HEADER = "| Seen in | Text |";

/** Every text of the runbook. */
export const ROWS: readonly Row[] = rowsOf(RUNBOOK.text);

/** How each driver writes what PostgreSQL says: forms with `…` for the message and more. */
export const FORMS: ReadonlyMap<string, readonly string[]> = new Map(
  (/^\| Driver \|.*\n.*\n((?:\|.*\n)+)/m.exec(RUNBOOK.text)?.[1] ?? "")
    .trimEnd()
    .split("\n")
    .map((line) => {
      const [name = "", ...forms] = line.split("|").slice(1, -1);
      return [plain(name), forms.flatMap((form) => codes(form))];
    }),
);

/** The headings of the runbook, without their marks. */
export const HEADINGS: readonly string[] = [...RUNBOOK.text.matchAll(/^#+ (.+)$/gm)].map(([, text = ""]) =>
  plain(text),
);

/** The texts in a page's tables that begin with {@link HEADER}. */
export function rowsOf(text: string): Row[] {
  const rows: Row[] = [];
  let heading = "";
  let inside = false;
  for (const line of text.split("\n")) {
    if (line.startsWith("#")) heading = plain(line.replace(/^#+ /, ""));
    if (line.startsWith(HEADER)) inside = true;
    else if (!line.startsWith("|")) inside = false;
    else if (inside && !/^\|[-| ]+\|$/.test(line)) rows.push(rowOf(line, heading));
  }
  return rows;
}

function rowOf(line: string, heading: string): Row {
  const [seenIn = "", text = "", code = ""] = line.split(/(?<!\\)\|/).slice(1, -1);
  const [, source] = /\[read\]\((\S+)\)/.exec(seenIn) ?? [];
  return {
    heading,
    seenIn: seenIn
      .replace(/\(\[read\]\(\S+\)\)|\(sometimes\)/, "")
      .split(",")
      .map((each) => plain(each)),
    text: plain(text),
    ...(seenIn.includes("(sometimes)") && { sometimes: true as const }),
    ...(plain(code) && { code: plain(code) }),
    ...(source !== undefined && { source }),
  };
}

/** The pieces of code in a cell. */
function codes(cell: string): string[] {
  return [...cell.matchAll(/(`+)(.+?)\1(?!`)/g)].map(([, , text = ""]) => plain(text));
}

/** What a cell or a heading says, without the marks of code. */
function plain(cell: string): string {
  return cell
    .trim()
    .replace(/^(`+) ?(.*?) ?\1$/, "$2")
    .replaceAll("`", "")
    .replaceAll("\\|", "|");
}

/** Drivers that print the SQLSTATE; the others keep it in a field of their errors. */
const PRINT_SQLSTATE: readonly string[] = ["pg", "pgx"];

/** Whether an output has a row's text, and its code where the row has one that is printed. */
export function says(
  { text, code }: Pick<Row, "text" | "code">,
  { by, output }: Omit<Seen, "heading">,
): boolean {
  const parts = text.split("…").map((part) => oneSpace(part));
  let from = 0;
  for (const part of parts) {
    const at = oneSpace(output).indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  const kept = /^[0-9A-Z]{5}$/.test(code ?? "") && !PRINT_SQLSTATE.includes(by);
  return code === undefined || kept || output.includes(code);
}

/** Without what Markdown takes for a mark, or does not show. */
function oneSpace(text: string): string {
  return text.replaceAll("`", "").replace(/\s+/g, " ");
}

/**
 * Compares what was seen with the page, both ways.
 * @param ofAll who `all` are
 * @returns what is seen and on the page not, and the other way round; empty when they agree
 */
export function differences(
  rows: readonly Row[],
  seen: readonly Seen[],
  ofAll: readonly string[],
): readonly string[] {
  const found: string[] = [];
  const here = new Set(seen.map(({ by }) => by));
  const isFor = (row: Row, by: string) =>
    row.seenIn.includes(by) || (row.seenIn.includes("all") && ofAll.includes(by));
  for (const { heading, by, output } of seen) {
    if (!rows.some((row) => row.heading === heading && isFor(row, by) && says(row, { by, output }))) {
      found.push(`${heading}: ${by} says what the page has not: ${lastLines(output)}`);
    }
  }
  for (const row of rows.filter(({ source, sometimes }) => source === undefined && !sometimes)) {
    const speakers = [...here].filter((by) => isFor(row, by));
    for (const by of speakers) {
      const caused = seen.some((each) => each.heading === row.heading && each.by === by && says(row, each));
      if (!caused) found.push(`${row.heading}: nobody has seen ${by} say: ${row.text} ${row.code ?? ""}`);
    }
  }
  return found;
}

/**
 * Compares what was seen of the server's own texts, those that `all` drivers have, with the forms that the page says these have.
 * @returns what has no form, and forms that nothing has; empty when they agree
 */
export function wrongForms(
  rows: readonly Row[],
  forms: ReadonlyMap<string, readonly string[]>,
  seen: readonly Seen[],
): readonly string[] {
  const all = new Set(rows.filter(({ seenIn }) => seenIn.includes("all")).map(({ heading }) => heading));
  const ofServer = seen.filter(({ heading }) => all.has(heading));
  const has = (each: Seen, text: string) => says({ text }, each);
  const without = ofServer.filter((each) => !(forms.get(each.by) ?? []).some((text) => has(each, text)));
  const speakers = new Set(ofServer.map(({ by }) => by));
  const unused = [...forms].flatMap(([by, texts]) =>
    texts.filter((text) => speakers.has(by) && !ofServer.some((each) => each.by === by && has(each, text))),
  );
  return [...without.map(({ by, output }) => `${by}: ${lastLines(output)}`), ...unused];
}

function lastLines(output: string): string {
  return output.split("\n").slice(-12).join("\n").slice(-1500);
}
