import { quote } from "../../../lib/nearest";
import type { Problem } from "../problem";
import type { Rule } from "../rule";
import type { EnvironmentFile } from "../schema";

/** Rules between the values of the settings. */
export const settingsRules: readonly Rule[] = [{ reads: ["tags"], check: tagProblems }];

/** Tags the stacks set themselves. IAM compares tag keys without regard to case, so ours must not come twice. */
const OWN_TAGS = ["environment", "managed-by", "name", "stack"];

function tagProblems({ tags }: EnvironmentFile): Problem[] {
  const seen = new Set(OWN_TAGS);
  return Object.keys(tags).flatMap((key) => {
    const lower = key.toLowerCase();
    const message = OWN_TAGS.includes(lower)
      ? `the tag ${quote(key)} is set by the project; choose another key`
      : `the tag ${quote(key)} differs from another only in case, which IAM refuses; remove one`;
    const taken = seen.has(lower);
    seen.add(lower);
    return taken ? [{ path: ["tags", key], onKey: true, message }] : [];
  });
}
