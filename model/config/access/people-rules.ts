import type { Problem } from "../problem";
import type { EnvironmentFile } from "../schema";
import { endOf, untilInWords } from "./until";

/** Whether a principal is a role that IAM Identity Center makes of a permission set. */
export function ofIdentityCenter(arn: string): boolean {
  return /:role\/(aws-reserved\/sso\.amazonaws\.com\/|AWSReservedSSO_)/.test(arn);
}

/** Conditions on people that some of their principals can never meet. */
export function conditionProblems({ access }: EnvironmentFile): Problem[] {
  return Object.entries(access.people).flatMap(([key, { principals, requireMfa }]) =>
    principals.flatMap((principal, index): Problem[] => {
      if (!requireMfa || !ofIdentityCenter(principal)) return [];
      const message =
        "sessions of IAM Identity Center never say that they had MFA, so requireMfa would lock this principal out; require MFA in IAM Identity Center, and take requireMfa out";
      return [{ path: ["access", "people", key, "principals", index], message }];
    }),
  );
}

/** Access that has ended: IAM lets nobody in any more, and the file still reads as if somebody had it. */
export function endedProblems({ access }: EnvironmentFile): Problem[] {
  return Object.entries(access.people).flatMap(([key, { until }]): Problem[] => {
    if (until === undefined) return [];
    const instant = endOf(until);
    const message = `the access of ${key} has ended, it was ${untilInWords(instant)}: IAM lets nobody in; take the group out, or say a later end`;
    return [
      { path: ["access", "people", key, "until"], message, warning: "access-ended", days: { from: instant } },
    ];
  });
}
