import { accessPlan } from "../../../../model/access/plan";
import { FINDING_KINDS, type FindingKind } from "../../../../model/config/review/kinds";
import type { Finding } from "../../../../tools/review/finding";
import type { EnvironmentReview, Review } from "../../../../tools/review/result";
import { parse } from "../../../helpers/environment";
import { type MadeEnvironment, reviewOf as madeReview } from "../html/reviews";

/** What a review is made of here, environment by environment. */
export interface Made {
  readonly [environment: string]: readonly Finding[];
}

const PLAN = accessPlan(parse());

/** A review that found this, judged by the rules that hold without a file's own. */
export function reviewOf(
  made: Made,
  counts: EnvironmentReview["counts"] = [],
  common: readonly Finding[] = [],
): Review {
  const environments = Object.entries(made).map(([name, findings]): [string, MadeEnvironment] => [
    name,
    {
      findings,
      counts: findings.length > 0 ? counts : [],
      before: { ...PLAN, environment: name },
      after: { ...PLAN, environment: name },
    },
  ]);
  return madeReview(Object.fromEntries(environments), common);
}

/** The example: one more level for one service. */
export const ONE_GRANT: Finding = {
  kind: "access-gained",
  subject: "orders-api",
  text: "orders-api: shop.billing read-only → read-write (gains INSERT, UPDATE, DELETE on tables, USAGE on sequences, EXECUTE on functions)",
};

/** Every kind of finding there is. */
export const KINDS = Object.keys(FINDING_KINDS).filter((kind): kind is FindingKind => kind in FINDING_KINDS);
