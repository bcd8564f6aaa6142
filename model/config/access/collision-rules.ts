import { quote } from "../../../lib/nearest";
import { ADMIN_USER } from "../../postgresql/names";
import type { Problem } from "../problem";
import type { EnvironmentFile } from "../schema";
import { declaredSchemas } from "./declared-databases";
import { declaredGroups } from "./declared-groups";
import { type DeclaredUser, declaredIdentities } from "./identities";

/** Group roles and database users share one namespace: no two of them may come out the same. */
export function collisionProblems(file: EnvironmentFile): Problem[] {
  const taken = new Map<string, string>();
  const told = new Set<string>();
  const groups = declaredGroups(file).flatMap(({ role, of, path }): Problem[] => {
    const other = taken.get(role);
    taken.set(role, of);
    if (other === undefined || told.has(of)) return [];
    told.add(of);
    const message = `${of} and ${other} would share the group role ${quote(role)}; rename one`;
    return [{ path, message }];
  });
  const users = declaredIdentities(file.access).flatMap(({ databaseUsers }) => databaseUsers);
  const ofGroups = users.flatMap(({ name, place }): Problem[] => {
    const owner = taken.get(name);
    if (owner === undefined) return [];
    const message = `the database user ${quote(name)} is a group role of ${owner} already; rename it`;
    return [{ ...place, message }];
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
export function roleNameProblems(file: EnvironmentFile): Problem[] {
  const { access, database } = file;
  const roles = new Map<string, string>();
  for (const { name, whose } of declaredIdentities(access).flatMap(({ databaseUsers }) => databaseUsers)) {
    roles.set(name.toLowerCase(), `the database user of ${whose}`);
  }
  for (const { role, of } of declaredGroups(file)) roles.set(role.toLowerCase(), `a group role of ${of}`);
  for (const admin of [ADMIN_USER, database.existing?.adminUser ?? ADMIN_USER]) {
    roles.set(admin.toLowerCase(), "the database's admin");
  }
  return declaredSchemas(access).flatMap(({ name, path }): Problem[] => {
    const role = roles.get(name.toLowerCase());
    if (role === undefined) return [];
    const message = `the schema ${quote(name)} is called like ${role}, which would look names up in it first and so run what its owner put there; choose another`;
    return [{ path, message }];
  });
}
