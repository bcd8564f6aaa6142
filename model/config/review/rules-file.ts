import { z } from "zod";
import { quote } from "../../../lib/nearest";
import { sentence } from "../reading/sentences";
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
  if (read.success) return read.data;
  const problems = read.error.issues.map((issue) => {
    const what =
      issue.code === "unrecognized_keys" ? `unknown: ${issue.keys.map(quote).join(", ")}` : issue.message;
    return [...issue.path.map((key) => quote(key)), what].join(" ");
  });
  return { problem: `${RULES_FILE} is not understood: ${problems.join("; ")}` };
}
