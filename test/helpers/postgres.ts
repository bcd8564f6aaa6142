import type { Client } from "pg";
import { errorCode } from "../../lib/user-error";
import {
  databaseUsers,
  type IdentityBase,
  type ServiceIdentity,
  type SharedLogin,
} from "../../model/access/identity";
import type { AccessPlan, DatabasePlan, SchemaPlan } from "../../model/access/plan";
import { databaseSql } from "../../model/access/sql";
import { ADMIN_USER, SUPERUSER } from "../../model/postgresql/names";
import { quoteIdentifier } from "../../model/postgresql/quoting";
import type { CatalogConnection } from "../../tools/catalog/read-only";
import { applyPlan } from "../../tools/postgres/apply-plan";
import type { EmbeddedServer } from "../../tools/postgres/embedded-server";
import { asRdsCreates } from "../../tools/postgres/extensions";

/** SQLSTATE of everything that is not allowed. */
const INSUFFICIENT_PRIVILEGE = "42501";

/** A login that no plan knows; no plan can even have this name. */
export const STRANGER = "a stranger";

/** A schema of a plan, where it is. */
export interface Place {
  readonly database: DatabasePlan;
  readonly schema: SchemaPlan;
}

/**
 * A plan put in place on a server by its SQL, with tables, views and sequences in each schema: some (`present_…`) that
 * were there before, and some (`future_…`) that the owners made afterwards.
 */
export class Deployment {
  private readonly clients = new Map<string, Promise<Client>>();

  private constructor(
    readonly server: EmbeddedServer,
    readonly plan: AccessPlan,
  ) {}

  /** Empties the server and puts a plan in place on it, without the extensions that it does not carry. */
  static async of(server: EmbeddedServer, wanted: AccessPlan): Promise<Deployment> {
    await emptyServer(server);
    const { plan } = await server.offered(wanted);
    const deployment = new Deployment(server, plan);
    await deployment.rows(`CREATE ROLE ${quoteIdentifier(STRANGER)} LOGIN`);
    for (const database of plan.databases) await deployment.makePresent(database);
    await deployment.apply();
    for (const place of deployment.places) await deployment.makeFuture(place);
    return deployment;
  }

  get places(): Place[] {
    return this.plan.databases.flatMap((database) =>
      database.schemas.map((schema) => ({ database, schema })),
    );
  }

  /** Applies a plan's SQL to every database as the admin; what each of them said. */
  apply(plan: AccessPlan = this.plan): Promise<string[]> {
    return applyPlan(
      plan,
      (database) => this.client(ADMIN_USER, database),
      async (database) => asRdsCreates(await this.client(SUPERUSER, database.name), database),
    );
  }

  /** The session of a login in a database: opened once, and the same from then on. */
  client(user: string, database: string): Promise<Client> {
    const key = JSON.stringify([user, database]);
    const client = this.clients.get(key) ?? this.server.connect({ user, database });
    this.clients.set(key, client);
    return client;
  }

  /** Rows of a query of the superuser's, who sees everything. */
  async rows(sql: string, values: unknown[] = [], database = "postgres"): Promise<Record<string, unknown>[]> {
    return (await (await this.client(SUPERUSER, database)).query(sql, values)).rows;
  }

  /** What came of statements in a login's session, or of opening it; whatever they did is undone. */
  async outcome(user: string, database: string, ...statements: readonly string[]): Promise<string> {
    let client: Client;
    try {
      client = await this.client(user, database);
    } catch (error) {
      return verdict(error);
    }
    return outcome(client, ...statements);
  }

  /** Ends every session. */
  async close(): Promise<void> {
    const clients = await Promise.allSettled(this.clients.values());
    for (const client of clients) if (client.status === "fulfilled") await client.value.end();
  }

  /** What a DBA had in a schema before: objects of the group that will own it, and nothing granted. */
  private async makePresent(database: DatabasePlan): Promise<void> {
    const admin = await this.client(ADMIN_USER, "postgres");
    await admin.query(databaseSql(this.plan, database.name).create);
    const client = await this.client(ADMIN_USER, database.name);
    for (const { name, managed, owner: group } of database.schemas) {
      const owner = quoteIdentifier(group);
      if (managed) {
        await client.query(`CREATE ROLE ${owner}; GRANT ${owner} TO CURRENT_USER`);
        await client.query(
          `CREATE SCHEMA ${quoteIdentifier(name)} AUTHORIZATION ${owner}; SET ROLE ${owner}`,
        );
      }
      await client.query(objects(name, "present"));
      if (managed) await client.query(`RESET ROLE; REVOKE ${owner} FROM CURRENT_USER`);
    }
  }

  /** What a migration makes: by a login that owns the schema, or as its group when nobody in the plan does. */
  private async makeFuture(place: Place): Promise<void> {
    const { database, schema } = place;
    const owner = loginsIn(this.plan).find((identity) => levelOf(identity, place) === "owner");
    const client = await this.client(owner?.databaseUser ?? SUPERUSER, database.name);
    if (!owner) await client.query(`SET ROLE ${quoteIdentifier(schema.owner)}`);
    await client.query(objects(schema.name, "future"));
    if (!owner) await client.query("RESET ROLE");
  }
}

/** `allowed`, `denied`, or the error's message when it is neither; whatever the statements did is undone. */
export async function outcome(client: Client, ...statements: readonly string[]): Promise<string> {
  try {
    await client.query("BEGIN");
    for (const statement of statements) await client.query(statement);
    return "allowed";
  } catch (error) {
    return verdict(error);
  } finally {
    await client.query("ROLLBACK");
  }
}

/** A database user with what its identity is. */
export type LoginInPlan = IdentityBase & SharedLogin & Pick<Partial<ServiceIdentity>, "verifies">;

/** Whether an identity may connect to a database: it has a level there, or is the job that verifies all of them. */
export function mayConnect({ grants, verifies }: LoginInPlan, database: string): boolean {
  return verifies === true || grants.some((grant) => grant.database === database);
}

/** Every database user of a plan, with what its identity is. */
export function loginsIn(plan: AccessPlan): readonly LoginInPlan[] {
  return plan.identities.flatMap((identity) =>
    databaseUsers(identity).map((databaseUser) => ({ ...identity, databaseUser })),
  );
}

/** The level an identity has in a schema, as the environment file says it. */
export function levelOf(identity: Pick<IdentityBase, "grants">, { database, schema }: Place) {
  return identity.grants.find((grant) => grant.database === database.name && grant.schema === schema.name)
    ?.level;
}

function verdict(error: unknown): string {
  return errorCode(error) === INSUFFICIENT_PRIVILEGE ? "denied" : String(error);
}

/** A client as what reads the catalogs takes it. */
export function catalogConnection(client: Client): CatalogConnection {
  return {
    query: async (sql, values) => (await client.query(sql, values && [...values])).rows,
    close: () => client.end(),
  };
}

/** How the catalogs of a server's databases are read as somebody: by verify, and by whatever else asks for a connection. */
export function catalogReader(server: EmbeddedServer, user: string = SUPERUSER) {
  return async (database?: string): Promise<CatalogConnection> =>
    catalogConnection(await server.connect({ user, ...(database && { database }) }));
}

/** Drops every database and role that RDS did not come with. */
export async function emptyServer(server: EmbeddedServer): Promise<void> {
  const superuser = await server.connect({ user: SUPERUSER });
  const names = async (sql: string): Promise<string[]> =>
    (await superuser.query(sql)).rows.map(({ name }) => quoteIdentifier(name));
  const databases = await names(
    "SELECT datname AS name FROM pg_database WHERE oid >= 16384 AND datname <> 'rdsadmin'",
  );
  for (const database of databases) await superuser.query(`DROP DATABASE ${database} WITH (FORCE)`);
  const roles = await names(
    `SELECT rolname AS name FROM pg_roles WHERE oid >= 16384 AND rolname !~ '^rds_' AND rolname <> '${ADMIN_USER}'`,
  );
  if (roles.length > 0) await superuser.query(`DROP ROLE ${roles.join(", ")}`);
  await superuser.end();
}

/** One object of each kind that a service reads, and routines that write, with their caller's rights or their owner's. */
function objects(schema: string, time: "present" | "future"): string {
  const at = `${quoteIdentifier(schema)}.${time}`;
  return `
    CREATE TABLE ${at}_table (id serial PRIMARY KEY, value int NOT NULL DEFAULT 0);
    INSERT INTO ${at}_table DEFAULT VALUES;
    CREATE VIEW ${at}_view AS SELECT * FROM ${at}_table;
    CREATE MATERIALIZED VIEW ${at}_matview AS SELECT * FROM ${at}_table;
    CREATE SEQUENCE ${at}_sequence;
    CREATE FUNCTION ${at}_function() RETURNS int LANGUAGE plpgsql
      AS 'BEGIN INSERT INTO ${at}_table DEFAULT VALUES; RETURN 1; END';
    CREATE FUNCTION ${at}_definer() RETURNS int LANGUAGE plpgsql SECURITY DEFINER
      AS 'BEGIN INSERT INTO ${at}_table DEFAULT VALUES; RETURN 1; END';
    CREATE PROCEDURE ${at}_procedure() LANGUAGE sql AS 'INSERT INTO ${at}_table DEFAULT VALUES';
    CREATE PROCEDURE ${at}_definer_procedure() LANGUAGE sql SECURITY DEFINER AS 'INSERT INTO ${at}_table DEFAULT VALUES';
    CREATE AGGREGATE ${at}_aggregate(int) (SFUNC = pg_catalog.int4larger, STYPE = int);
    CREATE TABLE ${at}_triggered (value int);
    CREATE FUNCTION ${at}_trigger() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
      AS 'BEGIN TRUNCATE ${at}_table; RETURN NEW; END';
    CREATE TRIGGER triggered BEFORE INSERT ON ${at}_triggered FOR EACH ROW EXECUTE FUNCTION ${at}_trigger();
    CREATE TYPE ${at}_type AS ENUM ('a')`;
}
