import { isDeepStrictEqual } from "node:util";
import type { AccessPlan } from "../../../model/access/plan";
import type { ReviewRules } from "../../../model/config/review/schema";
import type { Finding } from "../finding";

/** An environment's plan and its rules for reviews. */
export interface RuledPlan {
  readonly plan: AccessPlan;
  readonly rules: ReviewRules;
}

/**
 * What a change does to the rules that it is judged by, and which rules it breaks.
 * @param before undefined for an environment that was not there
 */
export function compareRules(before: RuledPlan | undefined, after: RuledPlan): Finding[] {
  if (before === undefined || isDeepStrictEqual(before.rules, after.rules)) return [];
  const { environment } = after.plan;
  return [
    {
      kind: "rules-loosened",
      subject: environment,
      text: `${environment}: the rules of reviews are others`,
      content: after.rules,
    },
  ];
}
