import { quote } from "../../../lib/nearest";
import { ADMIN_USER, databaseUser, schemaGroups } from "../../postgresql/names";
import type { Problem } from "../problem";
import type { EnvironmentFile } from "../schema";
import { declaredDatabases, declaredSchemas } from "./declared-databases";
import { declaredIdentities } from "./identities";

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
  const users = declaredIdentities(access).flatMap(({ path, key }): Problem[] => {
    const user = databaseUser(key);
    const schema = taken.get(user);
    if (schema === undefined) return [];
    const message = `the database user ${quote(user)} is a group role of ${schema} already; rename it`;
    return [{ path, onKey: true, message }];
  });
  return [...groups, ...users];
}

/**
 * A session looks unqualified names up first in a schema that is called like its role (`"$user"` of search_path), so
 * whoever creates in such a schema would have that role run its code: no schema may be called like a role, in any case.
 */
export function roleNameProblems({ access, database: { existing } }: EnvironmentFile): Problem[] {
  const roles = new Map<string, string>();
  for (const { key, kind } of declaredIdentities(access)) {
    roles.set(databaseUser(key).toLowerCase(), `the database user of the ${kind} ${quote(key)}`);
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
