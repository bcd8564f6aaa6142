import type { Level } from "../postgresql/levels";
import type { IdentityPlan } from "./identity";
import type { AccessPlan } from "./plan";

/** Who can do what where. */
export interface AccessMatrix {
  /** Every schema of the plan, as `<database>.<schema>`. */
  readonly schemas: readonly string[];
  readonly rows: readonly {
    readonly identity: IdentityPlan;
    /** One for each schema, in their order; no level where there is no access. */
    readonly cells: readonly { readonly schema: string; readonly level?: Level }[];
  }[];
}

/** A row for each identity, a cell for each schema. */
export function accessMatrix(plan: AccessPlan): AccessMatrix {
  const schemas = plan.databases.flatMap(({ name, schemas }) =>
    schemas.map((schema) => `${name}.${schema.name}`),
  );
  const rows = plan.identities.map((identity) => {
    const held = new Map(identity.grants.map((grant) => [`${grant.database}.${grant.schema}`, grant.level]));
    return { identity, cells: schemas.map((schema) => ({ schema, level: held.get(schema) })) };
  });
  return { schemas, rows };
}
