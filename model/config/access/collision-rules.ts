import { quote } from "../../../lib/nearest";
import { databaseUser, schemaGroups } from "../../postgresql/names";
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
