import type { Client } from "pg";
import type { AccessPlan } from "../../model/access/plan";
import { quoteIdentifier } from "../../model/postgresql/quoting";

/** A plan that is in place, and the superuser's way to it. */
interface InPlace {
  readonly plan: AccessPlan;
  superuser(database: string): Promise<Client>;
}

/** Runs statements as the owner group of each schema, as its migrations do. */
export async function inEverySchema(
  { plan, superuser }: InPlace,
  statements: (schema: string, database: string) => string,
): Promise<void> {
  for (const { name, schemas } of plan.databases) {
    const client = await superuser(name);
    for (const schema of schemas) {
      await client.query(`SET ROLE ${quoteIdentifier(schema.owner)}`);
      await client.query(statements(schema.name, name));
      await client.query("RESET ROLE");
    }
    await client.end();
  }
}
