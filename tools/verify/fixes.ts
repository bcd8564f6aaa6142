import { quoteIdentifier } from "../../model/postgresql/quoting";
import type { LiveMembership } from "../catalog/live-catalog";
import type { Comparison } from "./comparison";
import type { Remedy } from "./finding";

/** What puts in place whatever the plan has and the server lacks. */
export function deployFix({ expected }: Comparison): string {
  return `npx cdktf deploy ${expected.environment}-access`;
}

/**
 * Statements that only members of some roles may run, as the admin can: it joins them for the length of a
 * transaction, so nobody ever sees it as a member, not even of a login that is in rds_iam.
 */
export function asMemberOf(comparison: Comparison, owners: readonly string[], sql: string): Remedy {
  // The admin owns the database, and so is in pg_database_owner.
  const others = [...new Set(owners)].filter(
    (owner) => owner !== comparison.expected.admin && owner !== "pg_database_owner",
  );
  if (!others.every((other) => mayGrant(comparison, other))) return { fix: sql, by: "superuser" };
  const joined = others.map(quoteIdentifier).join(", ");
  return {
    fix:
      joined === ""
        ? sql
        : `BEGIN; GRANT ${joined} TO CURRENT_USER; ${sql} REVOKE ${joined} FROM CURRENT_USER; COMMIT;`,
  };
}

/** Statements that change a role, as the admin can where it may make others members of it. */
export function changeRole(comparison: Comparison, role: string, sql: string): Remedy {
  return { fix: sql, ...(!mayGrant(comparison, role) && { by: "superuser" }) };
}

/**
 * Ends memberships, or the right to grant the role on. A role may be in another by several grants, and REVOKE ends
 * those of one grantor, for which the admin needs the rights of that one.
 */
export function revokeMembership(
  comparison: Comparison,
  rows: readonly LiveMembership[],
  only: "" | "ADMIN OPTION FOR " = "",
): Remedy {
  const { admin } = comparison.expected;
  const statements = rows.map(({ role, member, grantor, admin: grantsOn }) => {
    const by = grantor === null ? "" : ` GRANTED BY ${quoteIdentifier(grantor)}`;
    return `REVOKE ${only}${quoteIdentifier(role)} FROM ${quoteIdentifier(member)}${by}${grantsOn ? " CASCADE" : ""};`;
  });
  const grantors = rows.flatMap(({ grantor }) => grantor ?? []);
  const roles = rows.filter(({ grantor }) => grantor !== admin).map(({ role }) => role);
  const remedy = asMemberOf(comparison, grantors, statements.join(" "));
  return roles.every((role) => mayGrant(comparison, role)) ? remedy : { ...remedy, by: "superuser" };
}

/** Gives everything a login owns in a database to the admin. */
export function reassign(comparison: Comparison, role: string): Remedy {
  const { admin } = comparison.expected;
  return asMemberOf(
    comparison,
    [role],
    `REASSIGN OWNED BY ${quoteIdentifier(role)} TO ${quoteIdentifier(admin)};`,
  );
}

/** Whether the admin may make others, and so itself, members of a role. Up to 15, CREATEROLE is enough for all but superusers. */
function mayGrant({ expected, live, roles }: Comparison, role: string): boolean {
  if (roles.get(role)?.attributes.includes("SUPERUSER")) return false;
  if (Number.parseInt(live.serverVersion, 10) < 16) return true;
  const has = new Set([expected.admin]);
  // A set grows while it is walked through.
  for (const member of has) {
    for (const row of live.memberships) if (row.member === member && row.inherit) has.add(row.role);
  }
  return live.memberships.some((row) => row.role === role && row.admin && has.has(row.member));
}
