import { databaseUsers, type IdentityPlan } from "../../model/access/identity";
import type { AccessPlan } from "../../model/access/plan";
import { groupRole } from "../../model/postgresql/names";
import type { Place } from "../helpers/postgres";

/** A plan with one more identity, which has a group of each schema. */
export function withAdded(plan: AccessPlan, databaseUser: string): AccessPlan {
  const grants = plan.databases.flatMap(({ name, schemas }) =>
    schemas.map((schema) => ({ database: name, schema: schema.name, level: "read-write" as const })),
  );
  const groups = grants.map(({ database, schema, level }) => groupRole(database, schema, level));
  const added: IdentityPlan = {
    kind: "people",
    key: databaseUser,
    databaseUser,
    grants,
    memberOf: ["rds_iam", ...groups],
    database: "postgres",
    connectionLimit: 100,
    iamRole: databaseUser,
    principals: [],
  };
  return { ...plan, identities: [...plan.identities, added] };
}

/** A plan without one of its identities. */
export function withoutIdentity(plan: AccessPlan, databaseUser: string): AccessPlan {
  return {
    ...plan,
    identities: plan.identities.filter((identity) => !databaseUsers(identity).includes(databaseUser)),
  };
}

/** A plan without a schema, and without what anybody had in it. */
export function withoutPlace(plan: AccessPlan, { database, schema }: Place): AccessPlan {
  const groups: readonly string[] = schema.groups.map(({ role }) => role);
  const isThere = (grant: { readonly role: string; readonly schema?: string }) =>
    grant.schema === schema.name || groups.includes(grant.role);
  return {
    ...plan,
    databases: plan.databases
      .map((each) =>
        each.name === database.name
          ? {
              ...each,
              schemas: each.schemas.filter(({ name }) => name !== schema.name),
              grants: each.grants.filter((grant) => !isThere(grant) || grant.role === "public"),
            }
          : each,
      )
      .filter(({ schemas }) => schemas.length > 0),
    identities: plan.identities
      .map((identity) => ({
        ...identity,
        grants: identity.grants.filter(
          (grant) => grant.database !== database.name || grant.schema !== schema.name,
        ),
        memberOf: identity.memberOf.filter((role) => !groups.includes(role)),
      }))
      .filter(({ grants }) => grants.length > 0),
  };
}
