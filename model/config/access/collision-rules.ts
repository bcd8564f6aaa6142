import { quote } from "../../../lib/nearest";
import { ADMIN_USER, databaseUser, schemaGroups } from "../../postgresql/names";
import type { Problem } from "../problem";
import type { EnvironmentFile } from "../schema";
import { declaredIdentities } from "./identities";

/** Group roles and database users share one namespace: no two of them may come out the same. */
export function collisionProblems({ access }: EnvironmentFile): Problem[] {
  const taken = new Map<string, string>();
  const groups = Object.entries(access.databases).flatMap(([database, schemas]) =>
    schemas.flatMap((schema, index): Problem[] => {
      const name = `${database}.${schema}`;
      const roles = schemaGroups(database, schema).map(({ role }) => role);
      const shared = roles.find((role) => taken.has(role));
      const other = shared && taken.get(shared);
      for (const role of roles) taken.set(role, name);
      if (!shared || !other) return [];
      const message = `${name} and ${other} would share the group role ${quote(shared)}; rename one`;
      return [{ path: ["access", "databases", database, index], message }];
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
  const places = Object.entries(access.databases).flatMap(([database, schemas]) =>
    schemas.map((schema, index) => ({ database, schema, index })),
  );
  for (const { database, schema } of places) {
    for (const { role } of schemaGroups(database, schema)) {
      roles.set(role.toLowerCase(), `a group role of ${database}.${schema}`);
    }
  }
  for (const admin of [ADMIN_USER, existing?.adminUser ?? ADMIN_USER]) {
    roles.set(admin.toLowerCase(), "the database's admin");
  }
  return places.flatMap(({ database, schema, index }): Problem[] => {
    const role = roles.get(schema.toLowerCase());
    if (role === undefined) return [];
    const message = `the schema ${quote(schema)} is called like ${role}, which would look names up in it first and so run what its owner put there; choose another`;
    return [{ path: ["access", "databases", database, index], message }];
  });
}
