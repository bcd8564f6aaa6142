import type { Problem } from "../problem";
import type { EnvironmentFile } from "../schema";

/** Roles that IAM Identity Center makes of its permission sets. */
const SSO_ROLE = /:role\/(aws-reserved\/sso\.amazonaws\.com\/|AWSReservedSSO_)/;

/** Conditions on people that some of their principals can never meet. */
export function conditionProblems({ access }: EnvironmentFile): Problem[] {
  return Object.entries(access.people).flatMap(([key, { principals, requireMfa }]) =>
    principals.flatMap((principal, index): Problem[] => {
      if (!requireMfa || !SSO_ROLE.test(principal)) return [];
      const message =
        "sessions of IAM Identity Center never say that they had MFA, so requireMfa would lock this principal out; require MFA in IAM Identity Center, and take requireMfa out";
      return [{ path: ["access", "people", key, "principals", index], message }];
    }),
  );
}
