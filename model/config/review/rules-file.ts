import { z } from "zod";
import { quote } from "../../../lib/nearest";
import { type Issue, sentence } from "../reading/sentences";
import { judging, type ReviewRules } from "./schema";

/** Name of the file beside the access plan that holds what a file's changes are judged by. */
export const RULES_FILE = "review-rules.json";

const rulesFile = z.strictObject({ version: z.literal(1), ...judging });

/** The text of {@link RULES_FILE}: every default is in it, so that another version with other defaults is seen. */
export function rulesText({ findings, rules, exceptions }: ReviewRules): string {
  return `${JSON.stringify({ version: 1, findings, rules, exceptions }, null, 2)}\n`;
}

/**
 * Reads what another version, or somebody, wrote: what is not understood to the last key is refused, since it may ask for
 * more than is understood.
 */
export function readRules(data: unknown): ReviewRules | { readonly problem: string } {
  const read = rulesFile.safeParse(data, { error: sentence });
  if (!read.success) return { problem: `${RULES_FILE} is not understood: ${problemText(read.error.issues)}` };
  const { version: _, ...rules } = read.data;
  return rules;
}

/** The first mistake in a line: whatever else is wrong, nothing of the file is taken. */
function problemText([issue]: readonly Issue[]): string {
  if (!issue) return "nobody knows why";
  const what = issue.code === "unrecognized_keys" ? `unknown: ${quote(issue.keys[0])}` : issue.message;
  return [...issue.path.map(quote), what].join(" ");
}
