import { quoteIdentifier } from "../../model/postgresql/quoting";
import type { Comparison } from "./comparison";
import type { LiveMembership } from "./live-catalog";

/** What puts in place whatever the plan has and the server lacks. */
export function deployFix({ expected }: Comparison): string {
  return `npx cdktf deploy ${expected.environment}-access`;
}

/**
 * Statements that only members of some roles may run, as the admin can: it joins them for the length of a
 * transaction, so nobody ever sees it as a member, not even of a login that is in rds_iam.
 */
export function asMemberOf({ expected, roles }: Comparison, owners: readonly string[], sql: string): string {
  const joined = [...new Set(owners)]
    .filter((owner) => owner !== expected.admin && roles.get(owner)?.system === false)
    .map(quoteIdentifier)
    .join(", ");
  return joined === ""
    ? sql
    : `BEGIN; GRANT ${joined} TO CURRENT_USER; ${sql} REVOKE ${joined} FROM CURRENT_USER; COMMIT;`;
}

/**
 * Ends memberships, or the right to grant the role on. A role may be in another by several grants, and REVOKE ends
 * those of one grantor.
 */
export function revokeMembership(
  rows: readonly LiveMembership[],
  only: "" | "ADMIN OPTION FOR " = "",
): string {
  return rows
    .map(({ role, member, grantor, admin }) => {
      const by = grantor === null ? "" : ` GRANTED BY ${quoteIdentifier(grantor)}`;
      return `REVOKE ${only}${quoteIdentifier(role)} FROM ${quoteIdentifier(member)}${by}${admin ? " CASCADE" : ""};`;
    })
    .join(" ");
}

/** Gives everything a login owns in a database to the admin. */
export function reassign(comparison: Comparison, role: string): string {
  const { admin } = comparison.expected;
  return asMemberOf(
    comparison,
    [role],
    `REASSIGN OWNED BY ${quoteIdentifier(role)} TO ${quoteIdentifier(admin)};`,
  );
}
