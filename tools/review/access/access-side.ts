import { databaseUsers, type IdentityPlan } from "../../../model/access/identity";
import type { AccessPlan, DatabasePlan } from "../../../model/access/plan";
import { ADMIN_USER, connectGroup } from "../../../model/postgresql/names";
import { whatPublicHas } from "./public-defaults";
import {
  type AccessSide,
  type GrantEntry,
  grantId,
  type NowCalled,
  OWNERSHIP,
  PUBLIC,
  type Right,
  type RoleId,
  rightId,
} from "./rights";

/** Reads a plan as rights. */
export function accessSide(plan: AccessPlan, nowCalled: NowCalled): AccessSide {
  const admin = plan.adminUser ?? ADMIN_USER;
  const groups = plan.databases.flatMap(({ name, schemas, connectGroup: role }) => [
    ...schemas.flatMap((schema) => {
      const place = nowCalled(name, schema.name);
      return schema.groups.map(({ role, level }) => ({ role, place, id: `${level} on ${place}` }));
    }),
    // By another name than follows from its database's it is just any role.
    ...(role === connectGroup(name)
      ? [{ role, place: nowCalled(name), id: `connect to ${nowCalled(name)}` }]
      : []),
  ]);
  const names = new Map<string, RoleId>([
    [PUBLIC, PUBLIC],
    [admin, "the admin"],
    ...groups.map(({ role, id }) => [role, id] as const),
  ]);
  const called = new Map([...names].map(([name, role]) => [role, name]));
  const roleId = (name: string) => names.get(name) ?? `role ${name}`;
  const entries = plan.databases.flatMap((database) => grantEntries(database, roleId, nowCalled));
  const grants = new Map(entries.map((entry) => [grantId(entry), entry]));
  const unsaid = plan.databases
    .flatMap((database) => whatPublicHas(database, admin, roleId, nowCalled))
    .filter((entry) => !grants.has(grantId(entry)));
  const closures = new Map<IdentityPlan, ReadonlySet<RoleId>>();
  const memberships = new Map([
    ...plan.databases.flatMap(({ schemas }) =>
      schemas.map(({ owner, ownerReads = [] }) => [roleId(owner), ownerReads] as const),
    ),
    ...plan.identities.flatMap((identity) =>
      databaseUsers(identity).map((user) => [roleId(user), identity.memberOf] as const),
    ),
  ]);
  return {
    plan,
    grants,
    rights: rightsOf([...entries, ...unsaid]),
    owners: new Map(entries.flatMap(({ role, place, on }) => (on === OWNERSHIP ? [[place, role]] : []))),
    groups: new Map(groups.map(({ id, place }) => [id, place])),
    roleId,
    nameOf: (role) => called.get(role) ?? role.replace(/^role /, ""),
    rolesOf: (identity) => {
      const roles = closures.get(identity) ?? closure(identity, roleId, memberships);
      closures.set(identity, roles);
      return roles;
    },
  };
}

function grantEntries(
  { name, schemas, grants }: DatabasePlan,
  roleId: (name: string) => RoleId,
  nowCalled: NowCalled,
): GrantEntry[] {
  return [
    ...schemas.map(({ name: schema, owner }) => ({
      role: roleId(owner),
      place: nowCalled(name, schema),
      on: OWNERSHIP,
      privileges: [OWNERSHIP],
    })),
    ...grants.map((grant) => ({
      role: roleId(grant.role),
      place: nowCalled(name, grant.schema),
      on: grant.objectType,
      ...(grant.createdBy !== undefined && { creator: roleId(grant.createdBy) }),
      privileges: [...new Set(grant.privileges)].sort(),
      grant,
    })),
  ];
}

function rightsOf(entries: readonly GrantEntry[]): Map<RoleId, Map<string, Map<string, Right>>> {
  const roles = new Map<RoleId, Map<string, Map<string, Right>>>();
  for (const { role, place, on, creator, privileges } of entries) {
    for (const privilege of privileges) {
      const right = { place, on, privilege, ...(creator !== undefined && { creator }) };
      const places = roles.get(role) ?? new Map<string, Map<string, Right>>();
      roles.set(role, places);
      const rights = places.get(place) ?? new Map<string, Right>();
      places.set(place, rights);
      rights.set(rightId(right), right);
    }
  }
  return roles;
}

/** Follows memberships, of owner groups too; and of logins in logins, which a plan of another version could have. */
function closure(
  identity: IdentityPlan,
  roleId: (name: string) => RoleId,
  memberships: ReadonlyMap<RoleId, readonly string[]>,
): ReadonlySet<RoleId> {
  const roles = new Set<RoleId>(databaseUsers(identity).map(roleId));
  // A set that grows while it is gone through is gone through to its end.
  for (const role of roles) {
    for (const name of memberships.get(role) ?? []) roles.add(roleId(name));
  }
  return roles;
}
