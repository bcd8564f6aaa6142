import type { Client } from "pg";
import type { AccessPlan, DatabasePlan } from "../../model/access/plan";
import { createExtension } from "../../model/access/sql-extensions";
import { extensionFacts } from "../../model/postgresql/extensions";

/** As much of a plan as a server can put in place. */
export interface Offered {
  readonly plan: AccessPlan;
  /** Extensions that it has not, each with why, as `shop.vector: …`. */
  readonly leftOut: readonly string[];
}

/**
 * A plan without the extensions that a server does not carry. A grant on `public` for their sake stays.
 * @param superuser connected to any database
 */
export async function offeredBy(superuser: Client, plan: AccessPlan): Promise<Offered> {
  if (plan.databases.every(({ extensions }) => extensions === undefined)) return { plan, leftOut: [] };
  const { rows } = await superuser.query("SELECT name FROM pg_available_extensions");
  const available = new Set<unknown>(rows.map(({ name }) => name));
  const leftOut: string[] = [];
  const databases = plan.databases.map((database) => {
    const extensions = database.extensions?.filter(({ name }) => {
      if (available.has(name)) return true;
      leftOut.push(`${database.name}.${name}: this PostgreSQL does not carry it, RDS may`);
      return false;
    });
    return { ...database, ...(extensions && { extensions }) };
  });
  return { plan: { ...plan, databases }, leftOut };
}

/**
 * Creates the extensions that only a superuser may. On RDS the admin may create all that are allowed, and what they bring along
 * is RDS's own there too; on another server it is left to whoever is one.
 * @param superuser connected to the database
 */
export async function asRdsCreates(superuser: Client, { extensions = [] }: DatabasePlan): Promise<void> {
  if (extensions.length === 0) return;
  const trusted = await superuser.query(
    "SELECT name FROM pg_available_extension_versions v JOIN pg_available_extensions USING (name) WHERE version = default_version AND trusted",
  );
  const byAdmin = new Set<unknown>(trusted.rows.map(({ name }) => name));
  const others = extensions.filter(({ name }) => !byAdmin.has(name)).map(({ name }) => name);
  // What these need must be there before; the plan's SQL makes the rest.
  const first = new Set([...others, ...others.flatMap((name) => extensionFacts(name).needs ?? [])]);
  for (const extension of extensions.filter(({ name }) => first.has(name))) {
    await superuser.query(createExtension(extension));
  }
}
