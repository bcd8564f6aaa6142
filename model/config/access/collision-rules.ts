import { quote } from "../../../lib/nearest";
import { ADMIN_USER, schemaGroups } from "../../postgresql/names";
import type { Problem } from "../problem";
import type { EnvironmentFile } from "../schema";
import { declaredDatabases, declaredSchemas } from "./declared-databases";
import { type DeclaredUser, declaredIdentities } from "./identities";

/** Group roles and database users share one namespace: no two of them may come out the same. */
export function collisionProblems({ access }: EnvironmentFile): Problem[] {
  const taken = new Map<string, string>();
  const groups = declaredDatabases(access).flatMap(({ name: database, schemas }) =>
    schemas.flatMap(({ name: schema, target, path }): Problem[] => {
      const roles = schemaGroups(database, schema).map(({ role }) => role);
      const shared = roles.find((role) => taken.has(role));
      const other = shared && taken.get(shared);
      for (const role of roles) taken.set(role, target);
      if (!shared || !other) return [];
      const message = `${target} and ${other} would share the group role ${quote(shared)}; rename one`;
      return [{ path, message }];
    }),
  );
  const users = declaredIdentities(access).flatMap(({ databaseUsers }) => databaseUsers);
  const ofGroups = users.flatMap(({ name, place }): Problem[] => {
    const schema = taken.get(name);
    if (schema === undefined) return [];
    return [
      {
        ...place,
        message: `the database user ${quote(name)} is a group role of ${schema} already; rename it`,
      },
    ];
  });
  return [...groups, ...ofGroups, ...sharedUserProblems(users)];
}

/** Keys make different database users, and so do members, but not always a key and a member, or two members of a group. */
function sharedUserProblems(users: readonly DeclaredUser[]): Problem[] {
  const first = new Map<string, DeclaredUser>();
  return users.flatMap((user): Problem[] => {
    const other = first.get(user.name);
    if (other === undefined) {
      first.set(user.name, user);
      return [];
    }
    // That a key is there twice is said of the key.
    if (user.place.onKey && other.place.onKey) return [];
    const message = `${user.whose} and ${other.whose} would both be the database user ${quote(user.name)}; put one of them into a group of its own, or rename it`;
    return [{ ...user.place, message }];
  });
}

/**
 * A session looks unqualified names up first in a schema that is called like its role (`"$user"` of search_path), so
 * whoever creates in such a schema would have that role run its code: no schema may be called like a role, in any case.
 */
export function roleNameProblems({ access, database: { existing } }: EnvironmentFile): Problem[] {
  const roles = new Map<string, string>();
  for (const { name, whose } of declaredIdentities(access).flatMap(({ databaseUsers }) => databaseUsers)) {
    roles.set(name.toLowerCase(), `the database user of ${whose}`);
  }
  for (const { name: database, schemas } of declaredDatabases(access)) {
    for (const { name: schema, target } of schemas) {
      for (const { role } of schemaGroups(database, schema)) {
        roles.set(role.toLowerCase(), `a group role of ${target}`);
      }
    }
  }
  for (const admin of [ADMIN_USER, existing?.adminUser ?? ADMIN_USER]) {
    roles.set(admin.toLowerCase(), "the database's admin");
  }
  return declaredSchemas(access).flatMap(({ name, path }): Problem[] => {
    const role = roles.get(name.toLowerCase());
    if (role === undefined) return [];
    const message = `the schema ${quote(name)} is called like ${role}, which would look names up in it first and so run what its owner put there; choose another`;
    return [{ path, message }];
  });
}
