import { isDeepStrictEqual } from "node:util";
import type { AccessPlan } from "../../../model/access/plan";
import type { Finding } from "../finding";
import { comparePlans } from "./compare-plans";
import { planProblem } from "./plan-shape";

/**
 * What a change does to access, in words. What there are no words for is `unexplained`, and what cannot be read is
 * `not-computed`: plans that differ in anything but their file always have a finding.
 * @param before undefined for an environment that was not there
 */
export function compareAccess(before: AccessPlan | undefined, after: AccessPlan): Finding[] {
  if (before !== undefined && isDeepStrictEqual(before, after)) return [];
  const subject = environmentOf(after) ?? environmentOf(before) ?? "access";
  const notComputed = (problem: string): Finding[] => [
    {
      kind: "not-computed",
      subject,
      text: `${subject}: access cannot be compared: ${problem}`,
      content: after ?? null,
    },
  ];
  const problem = (before && planProblem(before)) ?? planProblem(after);
  if (problem !== undefined) return notComputed(problem);
  try {
    return before ? comparePlans(before, after) : newPlan(after);
  } catch (error) {
    return notComputed(error instanceof Error ? error.message : String(error));
  }
}

/** The name of the environment, of whatever was read for a plan. */
function environmentOf(plan: unknown): string | undefined {
  if (typeof plan !== "object" || plan === null || !("environment" in plan)) return undefined;
  return typeof plan.environment === "string" ? plan.environment : undefined;
}

/** Everything of it is new; where it is counts as well. */
function newPlan(after: AccessPlan): Finding[] {
  const { acceptedFindings: _, ...unaccepted } = after;
  const { environment, partition, region, account, permissionsBoundary, adminUser, eksCluster, accounts } =
    after;
  const boundary =
    permissionsBoundary === undefined
      ? "without a permissions boundary"
      : `within the permissions boundary ${permissionsBoundary}`;
  const pods =
    eksCluster === undefined
      ? ""
      : `; pods that take IAM roles by Pod Identity are on the EKS cluster ${eksCluster}`;
  const text = `${environment}: everything is in account ${account}, ${region}, ${boundary}${pods}`;
  const content = { partition, region, account, permissionsBoundary, adminUser, eksCluster, accounts };
  return [
    { kind: "environment-added", subject: environment, text, content },
    ...comparePlans({ ...unaccepted, databases: [], identities: [], namespaces: [] }, after),
  ];
}
