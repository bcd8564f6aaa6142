import { z } from "zod";
import { quote } from "../../../lib/nearest";
import { type Issue, sentence } from "../reading/sentences";
import { FINDING_KINDS } from "./kinds";
import { judging, type ReviewRules } from "./schema";
import { RULE_NAMES } from "./standing-rules";

/** Name of the file beside the access plan that holds what a file's changes are judged by. */
export const RULES_FILE = "review-rules.json";

const rulesFile = z.strictObject({ version: z.literal(1), ...judging });

/** The text of {@link RULES_FILE}: every default is in it, so that another version with other defaults is seen. */
export function rulesText({ findings, rules, exceptions }: ReviewRules): string {
  return `${JSON.stringify({ version: 1, findings, rules, exceptions }, null, 2)}\n`;
}

/** Rules as a side has them, and those that only another version knows. */
export interface ReadRules extends ReviewRules {
  /** By their keys, such as `rules.shiftsAtMost`. @default none */
  readonly unknown?: Readonly<Record<string, unknown>>;
}

/**
 * Reads what another version, or somebody, wrote. Kinds, rules and exceptions that are not known are put aside, for an upgrade
 * to be told like any other change; whatever else is not understood is refused, since it may ask for more than is understood.
 */
export function readRules(data: unknown): ReadRules | { readonly problem: string } {
  const unknown: [string, unknown][] = [];
  const known = isMap(data)
    ? Object.fromEntries(
        Object.entries(data).map(([part, map]) => {
          const keys = KNOWN.get(part);
          if (!keys || !isMap(map)) return [part, map];
          const others = Object.entries(map).filter(([key]) => !keys.includes(key));
          unknown.push(...others.map(([key, value]): [string, unknown] => [`${part}.${key}`, value]));
          return [part, Object.fromEntries(Object.entries(map).filter(([key]) => keys.includes(key)))];
        }),
      )
    : data;
  const read = rulesFile.safeParse(known, { error: sentence });
  if (!read.success) return { problem: `${RULES_FILE} is not understood: ${problemText(read.error.issues)}` };
  const { version: _, ...rules } = read.data;
  return unknown.length === 0 ? rules : { ...rules, unknown: Object.fromEntries(unknown) };
}

/** The keys of each part that are known. */
const KNOWN: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ["findings", Object.keys(FINDING_KINDS)],
  ["rules", RULE_NAMES],
  ["exceptions", RULE_NAMES],
]);

function isMap(data: unknown): data is object {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}

/** The first mistake in a line: whatever else is wrong, nothing of the file is taken. */
function problemText([issue]: readonly Issue[]): string {
  if (!issue) return "nobody knows why";
  const what = issue.code === "unrecognized_keys" ? `unknown: ${quote(issue.keys[0])}` : issue.message;
  return [...issue.path.map(quote), what].join(" ");
}
