import { groupBy } from "../../lib/group-by";
import { quoteIdentifier } from "../../model/postgresql/quoting";
import type { LiveMembership } from "../catalog/live-catalog";
import { type Comparison, keepsToItself, roleInWords } from "./comparison";
import { changeRole, deployFix, revokeMembership } from "./fixes";

/** Roles of PostgreSQL and RDS whose members can get at every row of every database. */
const ALL_DATA_ROLES = [
  "pg_read_all_data",
  "pg_write_all_data",
  "pg_read_server_files",
  "pg_write_server_files",
  "pg_execute_server_program",
  "rds_superuser",
];

/** Who is in which role, who logs in with IAM, and whose sessions are open. */
export function compareMemberships(comparison: Comparison): void {
  const pairs = groupBy(comparison.live.memberships, ({ role, member }) => pairKey(role, member));
  compareExpected(comparison, pairs);
  compareOthers(comparison, pairs);
  const strangers = unknownIamLogins(comparison);
  compareSessions(comparison, strangers);
}

function pairKey(role: string, member: string): string {
  return JSON.stringify([role, member]);
}

function compareExpected(
  comparison: Comparison,
  pairs: ReadonlyMap<string, readonly LiveMembership[]>,
): void {
  const { expected, roles, ledger } = comparison;
  for (const { role, member } of expected.memberships) {
    // A role that is missing is a finding already.
    if (!roles.has(role) || !roles.has(member)) continue;
    const rows = pairs.get(pairKey(role, member));
    const subject = roleInWords(comparison, member);
    if (!rows) {
      const detail = `is not a member of ${role}`;
      ledger.finds({ kind: "missing", topic: "membership", subject, detail, fix: deployFix(comparison) });
      continue;
    }
    // In rds_iam it is enough to be a member, and better not to have what it has or to be able to become it.
    const powerless =
      role !== expected.iamLoginRole && !(rows.some(({ inherit }) => inherit) && rows.some(({ set }) => set));
    const granting = rows.filter(({ admin }) => admin);
    // Up to PostgreSQL 15 (no grantor) it is the login that inherits or not, and then a finding about the login.
    if (powerless && rows.some(({ grantor }) => grantor !== null)) {
      ledger.finds({
        kind: "different",
        topic: "membership",
        subject,
        detail: `is a member of ${role} without its privileges (INHERIT FALSE or SET FALSE)`,
        ...changeRole(
          comparison,
          role,
          `GRANT ${quoteIdentifier(role)} TO ${quoteIdentifier(member)} WITH INHERIT TRUE, SET TRUE;`,
        ),
      });
    }
    if (granting.length > 0) {
      ledger.finds({
        kind: "different",
        topic: "membership",
        subject,
        detail: `may make others members of ${role} (ADMIN OPTION)`,
        ...revokeMembership(comparison, granting, "ADMIN OPTION FOR "),
      });
    }
    if (!powerless && granting.length === 0) ledger.holds("membership");
  }
}

function compareOthers(comparison: Comparison, pairs: ReadonlyMap<string, readonly LiveMembership[]>): void {
  const { expected, planned, watched, ledger } = comparison;
  const wanted = new Set(expected.memberships.map(({ role, member }) => pairKey(role, member)));
  for (const [key, rows] of pairs) {
    const [{ role, member } = { role: "", member: "" }] = rows;
    if (wanted.has(key)) continue;
    const isAdmin = member === expected.admin;
    if (keepsToItself(comparison, member) && !isAdmin) continue;
    const inherited = rows.filter(({ inherit }) => inherit);
    if (isAdmin && inherited.length > 0 && reachesIam(comparison, role, "inheriting")) {
      const by = role === expected.iamLoginRole ? "" : ` through ${role}`;
      ledger.finds({
        kind: "extra",
        topic: "membership",
        subject: `admin ${member}`,
        detail: `inherits ${expected.iamLoginRole}${by}: RDS asks it for an IAM token and refuses its password`,
        ...revokeMembership(comparison, inherited),
      });
      continue;
    }
    const matters = watched.has(member) || planned.has(role) || (ALL_DATA_ROLES.includes(role) && !isAdmin);
    // From PostgreSQL 16 on the admin is in every role it made, to grant it (ADMIN) and no more.
    if (!matters || (isAdmin && inherited.length === 0)) continue;
    ledger.finds({
      kind: "extra",
      topic: "membership",
      subject: isAdmin ? `admin ${member}` : roleInWords(comparison, member),
      detail: `is a member of ${role}`,
      ...revokeMembership(comparison, isAdmin ? inherited : rows),
    });
  }
}

/**
 * Whether a role is `rds_iam` or in it by way of others.
 * @param through every way, only ways along which privileges are inherited, or only ways around the plan's own roles
 */
function reachesIam(comparison: Comparison, role: string, through: "inheriting" | "unplanned"): boolean {
  const { expected, planned, live } = comparison;
  const seen = new Set<string>();
  const reaches = (at: string): boolean => {
    if (at === expected.iamLoginRole) return true;
    if (seen.has(at) || (through === "unplanned" && planned.has(at))) return false;
    seen.add(at);
    return live.memberships.some(
      (row) =>
        row.member === at &&
        (row.inherit || (through === "unplanned" && row.role === expected.iamLoginRole)) &&
        reaches(row.role),
    );
  };
  return reaches(role);
}

/** Logins with IAM tokens that the plan does not know. Being in a planned role is a finding of its own. */
function unknownIamLogins(comparison: Comparison): ReadonlySet<string> {
  const { expected, planned, live, ledger } = comparison;
  const logins = live.roles.filter(
    ({ name, system, attributes }) =>
      !system && name !== expected.admin && !planned.has(name) && attributes.includes("LOGIN"),
  );
  const unknown = logins.filter(({ name }) => reachesIam(comparison, name, "unplanned"));
  for (const { name } of unknown) {
    const ways = live.memberships.filter(
      ({ member, role }) => member === name && reachesIam(comparison, role, "unplanned"),
    );
    ledger.finds({
      kind: "extra",
      topic: "role",
      subject: `database user ${name}`,
      detail: `logs in with an IAM token, and ${expected.file} does not know it`,
      ...revokeMembership(comparison, ways),
    });
  }
  return new Set(unknown.map(({ name }) => name));
}

/** A token is checked only when a session starts: taking away the login does not end those that are open. */
function compareSessions({ live, ledger }: Comparison, strangers: ReadonlySet<string>): void {
  for (const { role, oid, pids } of live.sessions) {
    if (role !== null && !strangers.has(role)) {
      ledger.holds("session", pids.length);
      continue;
    }
    const some = pids.length === 1 ? "a session" : `${pids.length} sessions`;
    ledger.finds({
      kind: "extra",
      topic: "session",
      subject: role === null ? `dropped role ${oid}` : `database user ${role}`,
      detail: `has ${some} open (pid ${pids.join(", ")})${role === null ? ", begun before it was dropped" : ""}`,
      fix: `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usesysid = ${oid};`,
    });
  }
}
