import type { PeopleBase } from "../../../model/access/identity";
import type { AccessPlan } from "../../../model/access/plan";
import { untilInWords } from "../../../model/config/access/until";
import type { Finding } from "../finding";
import type { Named } from "./compare-fields";

/** Whose access had ended by a time, an instant in UTC: IAM lets nobody in, whatever the plan goes on to say. */
export function endedAccess({ environment, identities }: AccessPlan, now: string): string[] {
  return identities.flatMap((identity) => {
    const { until } = identity.kind === "people" ? identity : {};
    if (until === undefined || !(Date.parse(until) <= Date.parse(now))) return [];
    return [`${environment}: ${identity.key}: its access was ${untilInWords(until)}`];
  });
}

/** Of people: when their access ends. What ends later, or never, is more; what cannot be compared may be. */
export function untilFindings(
  { until: was }: PeopleBase,
  { until: is }: PeopleBase,
  { subject }: Named,
): Finding[] {
  if (was === undefined) {
    return is === undefined ? [] : [narrowed(subject, `its access ends by itself: ${untilInWords(is)}`)];
  }
  if (is === undefined) {
    return [widened(subject, `its access no longer ends by itself, and was ${untilInWords(was)}`)];
  }
  const change = `${untilInWords(is)}, and was ${untilInWords(was)}`;
  return Date.parse(is) < Date.parse(was)
    ? [narrowed(subject, `its access ends earlier: ${change}`)]
    : [widened(subject, `its access lasts longer: ${change}`)];
}

/** Of people: why they have access. */
export function reasonFindings(before: PeopleBase, after: PeopleBase, { subject }: Named): Finding[] {
  const [was, is] = [before, after].map(({ reason }) =>
    reason === undefined ? "not said" : JSON.stringify(reason),
  );
  const text = `${subject}: why it has access is ${is}, and was ${was}`;
  return [{ kind: "reason-changed", subject, text }];
}

function widened(subject: string, change: string): Finding {
  return { kind: "trust-widened", subject, text: `${subject}: ${change}` };
}

function narrowed(subject: string, change: string): Finding {
  return { kind: "trust-narrowed", subject, text: `${subject}: ${change}` };
}
