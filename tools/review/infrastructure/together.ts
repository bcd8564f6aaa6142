import { groupBy } from "../../../lib/group-by";
import type { FindingKind } from "../../../model/config/review/kinds";
import type { Finding } from "../finding";
import type { Effect } from "./effect";

/** What happens to one resource. */
export interface Told {
  readonly subject: string;
  readonly effect: Effect;
  /** What an approval of it is for. */
  readonly content: unknown;
}

/** Each of these is read by itself. */
const ALONE: readonly FindingKind[] = ["data-destroyed", "may-replace"];

/**
 * Findings, of which one is for all resources that the same happens to: a setting of the file may be one of hundreds of them.
 */
export function together(told: readonly Told[]): Finding[] {
  const groups = groupBy(told, ({ subject, effect: { kind, says } }) =>
    JSON.stringify(ALONE.includes(kind) ? [kind, says, subject] : [kind, says]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { kind, says } = first.effect;
    const more = group.length - 1;
    const subject = more > 0 ? `${first.subject} and ${more} more` : first.subject;
    const details = group.flatMap((each) => [
      ...(more > 0 ? [each.subject] : []),
      ...unsaid(each.effect).map((line) => (more > 0 ? `  ${line}` : line)),
    ]);
    const content = more > 0 ? group.map((each) => each.content) : first.content;
    return [{ kind, subject, text: `${subject}: ${says}`, ...(details.length > 0 && { details }), content }];
  });
}

/** Details that the text does not have already. */
function unsaid({ says, details = [] }: Effect): readonly string[] {
  return details.filter((line) => !says.includes(line.replace(": ", " ")));
}
