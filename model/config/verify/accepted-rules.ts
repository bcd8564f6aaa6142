import { quote } from "../../../lib/nearest";
import { endOf, untilInWords } from "../access/until";
import type { Problem } from "../problem";
import type { Rule } from "../rule";
import type { EnvironmentFile } from "../schema";
import { driftKey } from "./drift";

/** What accepts a finding twice, or no longer. Whether there is one only the live database knows. */
export const acceptedRules: readonly Rule[] = [{ reads: ["verify.accepted"], check: acceptedProblems }];

function acceptedProblems({ verify: { accepted } }: EnvironmentFile): Problem[] {
  const first = new Map<string, number>();
  return accepted.flatMap((finding, index): Problem[] => {
    const path = ["verify", "accepted", index];
    const key = driftKey(finding);
    const earlier = first.get(key);
    if (earlier !== undefined) {
      const message = `${quote(finding.subject)} ${quote(finding.detail)} is accepted twice; keep this or that of ${quote(accepted[earlier]?.owner)}`;
      return [{ path, message }];
    }
    first.set(key, index);
    const instant = endOf(finding.until);
    const message = `${quote(finding.subject)} ${quote(finding.detail)} was accepted ${untilInWords(instant)}, and counts again: mend it and take this out, or say a later end`;
    return [{ path: [...path, "until"], message, warning: "acceptance-ended", days: { from: instant } }];
  });
}
