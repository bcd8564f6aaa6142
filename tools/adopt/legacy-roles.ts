import { databaseUsers } from "../../model/access/identity";
import type { AccessPlan } from "../../model/access/plan";
import { groupRoles } from "../../model/access/plan";
import { ADMIN_USER } from "../../model/postgresql/names";
import type { LiveServer } from "./live-server";

/** Roles that are not the plan's, and have or own something in a database. */
export interface LegacyRoles {
  /** They log in, and go on doing so until they are finished with. */
  readonly logins: readonly string[];
  /** These and the groups that they have it through. */
  readonly all: readonly string[];
  /** Of the plan, and there already: they become what the file says. */
  readonly kept: readonly string[];
}

/** Whose a database has been, sorted. PostgreSQL's own roles, RDS's, superusers and the admin are nobody's here. */
export function legacyRoles(plan: AccessPlan, live: LiveServer, name: string): LegacyRoles {
  const planned = new Set([...groupRoles(plan), ...plan.identities.flatMap(databaseUsers)]);
  const admin = plan.adminUser ?? ADMIN_USER;
  const others = live.roles.filter(
    (role) => !role.system && role.name !== admin && !role.attributes.includes("SUPERUSER"),
  );
  const having = rolesIn(live, name);
  // Whoever is in a group has what the group has.
  for (const role of having) {
    for (const { member } of live.memberships.filter((each) => each.role === role)) having.add(member);
  }
  const legacy = others.filter(({ name: role }) => having.has(role) && !planned.has(role));
  const users = plan.identities
    .filter(({ grants }) => grants.some(({ database }) => database === name))
    .flatMap(databaseUsers);
  return {
    all: legacy.map((role) => role.name),
    logins: legacy.filter(({ attributes }) => attributes.includes("LOGIN")).map((role) => role.name),
    kept: others.map((role) => role.name).filter((role) => users.includes(role)),
  };
}

/** Every role that a database's catalogs name, as owner, as creator or as grantee. */
function rolesIn(live: LiveServer, name: string): Set<string> {
  const database = live.databases.find((each) => each.name === name);
  if (!database) return new Set();
  const { owner, grants, schemas, objects, others, defaultPrivileges } = database;
  const lists = [{ owner, grants }, ...schemas, ...objects];
  const grantees = [...lists, ...defaultPrivileges].flatMap((each) =>
    each.grants.map(({ grantee }) => grantee),
  );
  return new Set([
    ...[...lists, ...others].map((each) => each.owner),
    ...defaultPrivileges.map(({ creator }) => creator),
    ...grantees,
  ]);
}
