import type { DatabasePlan } from "../../../model/access/plan";
import { PUBLIC_SCHEMA } from "../../../model/postgresql/names";
import type { GrantEntry, NowCalled, RoleId } from "./rights";

/**
 * What PostgreSQL gives everybody unless a grant of the plan says otherwise: a revoke that is no longer there is access.
 * @see https://www.postgresql.org/docs/current/ddl-priv.html#PRIVILEGES-SUMMARY-TABLE
 */
export function whatPublicHas(
  { name, schemas }: DatabasePlan,
  admin: string,
  roleId: (name: string) => RoleId,
  nowCalled: NowCalled,
): GrantEntry[] {
  const role = roleId("public");
  const creators = new Set([admin, ...schemas.map(({ owner }) => owner)]);
  return [
    { role, place: nowCalled(name), on: "database", privileges: ["CONNECT", "TEMPORARY"] },
    { role, place: nowCalled(name, PUBLIC_SCHEMA), on: "schema", privileges: ["USAGE"] },
    ...schemas.map((schema) => ({
      role,
      place: nowCalled(name, schema.name),
      on: "function",
      privileges: ["EXECUTE"],
    })),
    ...[...creators].map((creator) => ({
      role,
      place: nowCalled(name),
      on: "function",
      creator: roleId(creator),
      privileges: ["EXECUTE"],
    })),
  ];
}
