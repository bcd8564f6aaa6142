import { accessPlan } from "../../../../model/access/plan";
import { FINDING_KINDS, type FindingKind } from "../../../../model/config/review/kinds";
import { review as reviewSchema } from "../../../../model/config/review/schema";
import type { Finding, JudgedFinding } from "../../../../tools/review/finding";
import { digestOf, judge } from "../../../../tools/review/judge/judge";
import type { EnvironmentReview, Review } from "../../../../tools/review/result";
import { parse } from "../../../helpers/environment";

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
  const environments = Object.entries(made).map(([name, findings]): EnvironmentReview => {
    return {
      name,
      findings: judged(findings),
      counts: findings.length > 0 ? counts : [],
      before: { ...PLAN, environment: name },
      after: { ...PLAN, environment: name },
    };
  });
  const whole = { name: "", findings: judged(common) };
  const toApprove = [whole, ...environments].flatMap(({ name, findings }) =>
    findings
      .filter(({ decision }) => decision === "approve")
      .map((finding) => ({ environment: name, finding })),
  );
  return {
    version: 1,
    base: "a8f9b43",
    head: "working tree",
    findings: whole.findings,
    environments,
    outcome: toApprove.length > 0 ? "approval needed" : "nothing to approve",
    ...(toApprove.length > 0 && { digest: digestOf(toApprove) }),
  };
}

/** The example: one more level for one service. */
export const ONE_GRANT: Finding = {
  kind: "access-gained",
  subject: "orders-api",
  text: "orders-api: shop.billing read-only → read-write (gains INSERT, UPDATE, DELETE on tables, USAGE on sequences, EXECUTE on functions)",
};

/** Every kind of finding there is. */
export const KINDS = Object.keys(FINDING_KINDS).filter((kind): kind is FindingKind => kind in FINDING_KINDS);

function judged(findings: readonly Finding[]): JudgedFinding[] {
  const order = ["approve", "notify", "allow"];
  return judge(findings, [reviewSchema.parse({})]).sort(
    (left, right) => order.indexOf(left.decision) - order.indexOf(right.decision),
  );
}
