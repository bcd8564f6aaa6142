import type { Table } from "../../lib/table";
import type { AccessPlan } from "./plan";

/** Who can do what where: a row for each identity, a column for each schema, empty where there is no access. */
export function accessMatrix(plan: AccessPlan): Table {
  const columns = plan.databases.flatMap(({ name, schemas }) =>
    schemas.map((schema) => `${name}.${schema.name}`),
  );
  return {
    header: ["identity", "kind", "database user", ...columns],
    rows: plan.identities.map(({ key, kind, databaseUser, grants }) => {
      const held = new Map(grants.map((grant) => [`${grant.database}.${grant.schema}`, grant.privilege]));
      return [key, kind, databaseUser, ...columns.map((column) => held.get(column) ?? "")];
    }),
  };
}
