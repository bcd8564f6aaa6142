import { BUILT_IN_EXTENSION } from "../../model/postgresql/extensions";
import { PUBLIC_SCHEMA } from "../../model/postgresql/names";
import * as catalog from "../catalog/catalog-queries";
import type {
  LiveDatabase,
  LiveDefaultPrivileges,
  LiveExtension,
  LiveMembership,
  LiveObjects,
  LiveProtectedTable,
  LiveRole,
  LiveSchema,
  LiveSessions,
} from "../catalog/live-catalog";
import { type CatalogConnection, type Connect, reading, readServer, using } from "../catalog/read-only";
import type { AdoptedDatabase, LargeObjects, LiveOther, LiveServer, SchemaMention } from "./live-server";
import * as queries from "./queries";

type Inside = Omit<AdoptedDatabase, "name" | "owner" | "grants" | "settings" | "connectable">;
type DatabaseRow = Pick<LiveDatabase, "name" | "owner" | "grants"> & { readonly connectable: boolean };

/** What is known of a database that whoever reads may not enter. */
const UNSEEN: Inside = {
  schemas: [],
  objects: [],
  others: [],
  defaultPrivileges: [],
  extensions: [],
  protectedTables: [],
  mentions: [],
  largeObjects: [],
};

/**
 * Reads all that matters to access in a server's catalogs: one transaction for what is common to all databases and one for
 * each of them, which read only. It changes nothing.
 * @throws UserError when the server is too old or cannot be read
 */
export async function readLive(connect: Connect): Promise<LiveServer> {
  const { databases, ...cluster } = await using(await connect(), async (connection) => {
    const server = await readServer(connection);
    return reading(connection, () => readCluster(connection, server));
  });
  const seen: AdoptedDatabase[] = [];
  // One after the other: whoever reads must not use up a busy server's connections.
  for (const database of databases) {
    const inside = database.connectable
      ? await using(await connect(database.name), (connection) =>
          reading(connection, () => readInside(connection)),
        )
      : UNSEEN;
    seen.push({ ...database, ...inside });
  }
  return { ...cluster, databases: seen };
}

async function readCluster(connection: CatalogConnection, server: catalog.ServerRow) {
  const roles = await connection.query<LiveRole>(catalog.roles(server.readsPasswords));
  const ending = await connection.query<{ readonly name: string; readonly until: string }>(
    queries.PASSWORDS_UNTIL,
  );
  const memberships = await connection.query<LiveMembership>(catalog.memberships(server.version));
  const sessions = await connection.query<LiveSessions>(catalog.SESSIONS);
  const names = await connection.query<{ readonly name: string }>(queries.DATABASE_NAMES);
  const databases = await connection.query<DatabaseRow>(catalog.DATABASES, [names.map(({ name }) => name)]);
  const settings = await connection.query<{ readonly name: string; readonly settings: readonly string[] }>(
    queries.DATABASE_SETTINGS,
  );
  const { serverVersion, version, user } = server;
  return {
    serverVersion,
    version,
    user,
    roles: roles.map((role) => ({
      ...role,
      passwordUntil: ending.find(({ name }) => name === role.name)?.until ?? null,
    })),
    memberships,
    sessions,
    databases: databases.map((database) => ({
      ...database,
      settings: settings.find(({ name }) => name === database.name)?.settings ?? [],
    })),
  };
}

async function readInside(connection: CatalogConnection): Promise<Inside> {
  return {
    schemas: await connection.query<LiveSchema>(catalog.SCHEMAS),
    objects: await connection.query<LiveObjects>(catalog.OBJECTS),
    others: await connection.query<LiveOther>(queries.OTHER_OBJECTS),
    defaultPrivileges: await connection.query<LiveDefaultPrivileges>(catalog.DEFAULT_PRIVILEGES),
    extensions: (await connection.query<LiveExtension>(catalog.EXTENSIONS)).filter(
      ({ name }) => name !== BUILT_IN_EXTENSION,
    ),
    protectedTables: await connection.query<LiveProtectedTable>(catalog.PROTECTED_TABLES),
    // No other schema is ever given another name.
    mentions: await connection.query<SchemaMention>(queries.MENTIONS, [[PUBLIC_SCHEMA]]),
    largeObjects: await connection.query<LargeObjects>(queries.LARGE_OBJECTS),
  };
}
