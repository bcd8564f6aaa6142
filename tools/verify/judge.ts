import type { AcceptedFinding } from "../../model/access/plan";
import { driftKey } from "../../model/config/verify/drift";
import type { Verification } from "./finding";
import type { JudgedVerification } from "./result";

/**
 * Marks out what the plan accepts.
 * @param now at the instant that an acceptance ends the finding counts again
 */
export function judge(
  { holds, findings, notChecked }: Verification,
  acceptances: readonly AcceptedFinding[],
  now: Date,
): JudgedVerification {
  const byKey = new Map(acceptances.map((each) => [driftKey(each), each]));
  const judged = findings.map((finding) => {
    const known = byKey.get(driftKey(finding));
    return known ? { ...finding, acceptance: acceptanceOf(known) } : finding;
  });
  const found = new Set(findings.map(driftKey));
  const isAccepted = (finding: (typeof judged)[number]): finding is JudgedVerification["accepted"][number] =>
    // Of an end that cannot be read nobody knows that it is still to come.
    "acceptance" in finding && !finding.unnamed && now.getTime() < Date.parse(finding.acceptance.until);
  return {
    holds,
    findings: judged.filter((finding) => !isAccepted(finding)),
    accepted: judged.filter(isAccepted),
    noLongerFound: acceptances.filter((each) => !found.has(driftKey(each))),
    notChecked,
  };
}

function acceptanceOf({ owner, reason, until }: AcceptedFinding) {
  return { owner, reason, until };
}
