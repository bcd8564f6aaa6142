import type { AcceptedFinding, AccessPlan } from "../../../model/access/plan";
import { untilInWords } from "../../../model/config/access/until";
import { driftKey } from "../../../model/config/verify/drift";
import type { Finding } from "../finding";
import { compareFields } from "./compare-fields";
import { ACCEPTED_FINDING } from "./fields";
import { pairByName } from "./places";

/** Of findings that `npm run verify` does not count: what is accepted hides that the database is not as planned. */
export function acceptedFindings(
  { acceptedFindings: before = [] }: AccessPlan,
  { environment, acceptedFindings: after = [] }: AccessPlan,
): Finding[] {
  return pairByName(before, after, driftKey).flatMap(({ before: was, after: is }) => [
    ...changes(was, is).map(
      ([kind, change]): Finding => ({
        kind,
        subject: environment,
        text: `${environment}: ${change}`,
        content: is ?? was,
      }),
    ),
    ...compareFields(ACCEPTED_FINDING, was, is, {
      subject: environment,
      part: `accepted finding ${JSON.stringify((is ?? was)?.subject)}`,
    }),
  ]);
}

function changes(
  was: AcceptedFinding | undefined,
  is: AcceptedFinding | undefined,
): [Finding["kind"], string][] {
  const one = is ?? was;
  if (one === undefined) return [];
  const drift = `${one.kind}: ${one.subject} ${one.detail}`;
  if (is === undefined) return [["drift-not-accepted", `npm run verify counts ${drift}`]];
  if (was === undefined) {
    return [
      [
        "drift-accepted",
        `npm run verify does not count ${drift}, ${untilInWords(is.until)} (${is.owner}: ${is.reason})`,
      ],
    ];
  }
  return [...untilChange(was, is, drift), ...reasonChange(was, is, drift)];
}

/** What ends later is hidden for longer; what cannot be compared may be. */
function untilChange(was: AcceptedFinding, is: AcceptedFinding, drift: string): [Finding["kind"], string][] {
  if (was.until === is.until) return [];
  const change = `${untilInWords(is.until)}, and was ${untilInWords(was.until)}`;
  return Date.parse(is.until) < Date.parse(was.until)
    ? [["drift-not-accepted", `npm run verify counts ${drift} earlier: it is accepted ${change}`]]
    : [["drift-accepted", `npm run verify does not count ${drift} for longer: it is accepted ${change}`]];
}

function reasonChange(was: AcceptedFinding, is: AcceptedFinding, drift: string): [Finding["kind"], string][] {
  const why = ({ owner, reason }: AcceptedFinding) => JSON.stringify(`${owner}: ${reason}`);
  if (why(was) === why(is)) return [];
  return [
    ["reason-changed", `why npm run verify does not count ${drift} is ${why(is)}, and was ${why(was)}`],
  ];
}
