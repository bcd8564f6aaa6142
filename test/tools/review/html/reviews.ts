import { type AccessPlan, accessPlan } from "../../../../model/access/plan";
import { review as reviewSchema } from "../../../../model/config/review/schema";
import type { Finding, JudgedFinding } from "../../../../tools/review/finding";
import { digestOf, judge } from "../../../../tools/review/judge/judge";
import type { EnvironmentReview, Review } from "../../../../tools/review/result";
import { declared, parse, testFile } from "../../../helpers/environment";

/** Access of an environment file, with the namespaces of services declared. */
export function plan(text: string): AccessPlan {
  return accessPlan(parse(declared(text)));
}

/** dev.yaml, as it is and with changes to its text. */
export const DEV = testFile("dev");
export const devPlan = (...changes: readonly (readonly [from: string, to: string])[]): AccessPlan =>
  plan(
    changes.reduce((text, [from, to]) => {
      if (!text.includes(from)) throw new Error(`dev.yaml has no ${from}`);
      return text.replace(from, to);
    }, DEV),
  );

/** The example of the issue: orders-api may write billing. */
export const WRITES_BILLING = [
  "read-write, shop.billing: read-only",
  "read-write, shop.billing: read-write",
] as const;

/** Names that would be markup, a script or another line, if they were not shown as text. */
export const HOSTILE =
  "</script><script>alert(1)</script><img src=x onerror=alert(2)><!--\u202Eesrever\u2028\n&lt;javascript:alert(3)\" onmouseover=\"alert(4)' onclick='alert(5)";

/** An environment with nothing found in it, unless that is said. */
export interface MadeEnvironment extends Partial<Omit<EnvironmentReview, "findings" | "name">> {
  readonly findings?: readonly Finding[];
}

/** A review that found this, judged by the rules that hold without a file's own. */
export function reviewOf(
  environments: Readonly<Record<string, MadeEnvironment>>,
  common: readonly Finding[] = [],
): Review {
  const made = Object.entries(environments).map(
    ([name, { findings = [], counts = [], ...plans }]): EnvironmentReview => ({
      name,
      findings: judged(findings),
      counts,
      ...plans,
    }),
  );
  const whole = { name: "", findings: judged(common) };
  const toApprove = [whole, ...made].flatMap(({ name, findings }) =>
    findings
      .filter(({ decision }) => decision === "approve")
      .map((finding) => ({ environment: name, finding })),
  );
  return {
    version: 1,
    base: "a8f9b43",
    head: "working tree",
    findings: whole.findings,
    environments: made,
    outcome: toApprove.length > 0 ? "approval needed" : "nothing to approve",
    ...(toApprove.length > 0 && { digest: digestOf(toApprove) }),
  };
}

function judged(findings: readonly Finding[]): JudgedFinding[] {
  const order = ["approve", "notify", "allow"];
  return judge(findings, [reviewSchema.parse({})]).sort(
    (left, right) => order.indexOf(left.decision) - order.indexOf(right.decision),
  );
}

/** What would be found of the example, with a consequence, beside changes of two stacks. */
export const FINDINGS: readonly Finding[] = [
  {
    kind: "access-gained",
    subject: "orders-api",
    text: "orders-api: shop.billing read-only → read-write (gains INSERT, UPDATE, DELETE on tables)",
    details: ["group role shop_billing_ro → shop_billing_rw"],
    also: [
      {
        kind: "borrowed-rights-gained",
        subject: "shop.orders",
        text: "shop.orders: its code writes shop.billing, by orders-api",
      },
    ],
  },
  {
    kind: "data-destroyed",
    subject: "dev-database aws_rds_cluster.cluster",
    text: "dev-database aws_rds_cluster.cluster: replaced, its data is gone",
    content: { engine_mode: ["provisioned", "serverless"] },
  },
  { kind: "access-lost", subject: "on-call", text: "on-call: shop.orders read-only → none" },
  { kind: "resource-added", subject: "dev-access aws_iam_role.a", text: "dev-access aws_iam_role.a: added" },
];

/** How many resources differ in each stack of {@link FINDINGS}. */
export const COUNTS: EnvironmentReview["counts"] = [
  { stack: "dev-access", added: 1, changed: 0, replaced: 0, removed: 0 },
  { stack: "dev-database", added: 0, changed: 2, replaced: 3, removed: 4 },
];

/** The example in dev. */
export const EXAMPLE = reviewOf({
  dev: { before: devPlan(), after: devPlan(WRITES_BILLING), findings: FINDINGS, counts: COUNTS },
});
