import { UserError } from "../../lib/user-error";
import type { Expectation } from "../../model/access/expectation";
import { SUPERUSER } from "../../model/postgresql/names";
import * as queries from "../catalog/catalog-queries";
import type {
  LiveBelonging,
  LiveCatalog,
  LiveDatabase,
  LiveDefaultPrivileges,
  LiveExtension,
  LiveLocks,
  LiveMembership,
  LiveObjects,
  LiveProtectedTable,
  LiveRole,
  LiveSchema,
  LiveSessions,
} from "../catalog/live-catalog";
import { type Connect, reading, readServer, using } from "../catalog/read-only";
import { LOCKS } from "./locks";
import { mayNotRead } from "./who-may";

/** A database of the plan before it is looked into. */
type DatabaseRow = Pick<LiveDatabase, "name" | "owner" | "grants"> & { readonly connectable: boolean };

/**
 * Reads what a server's catalogs say about everything in an expectation: eight statements and a COMMIT on the first
 * connection, eight and a COMMIT on one more for each database, however many services there are. It changes nothing.
 * @param connect connects to the named database, or to any when none is named
 * @throws UserError when the server is too old, or the connected role may not look into a database
 */
export async function readCatalog(expected: Expectation, connect: Connect): Promise<LiveCatalog> {
  const roles = [...expected.roles.map(({ name }) => name), expected.iamLoginRole];
  const names = expected.databases.map(({ name }) => name);
  const cluster = await using(await connect(), async (connection) => {
    const server = await readServer(connection);
    return reading(connection, async () => ({
      serverVersion: server.serverVersion,
      forceSsl: server.forceSsl,
      allowedExtensions: server.allowedExtensions,
      user: server.user,
      roles: await connection.query<LiveRole>(queries.roles(server.readsPasswords)),
      memberships: await connection.query<LiveMembership>(queries.memberships(server.version)),
      sessions: await connection.query<LiveSessions>(queries.SESSIONS),
      locks: await connection.query<LiveLocks>(LOCKS, [[...roles, expected.admin], names]),
      // What RDS keeps in the database of its superuser is its own business.
      belongings: await connection.query<LiveBelonging>(queries.BELONGINGS_ELSEWHERE, [
        roles,
        [...names, SUPERUSER],
      ]),
      databases: await connection.query<DatabaseRow>(queries.DATABASES, [names]),
    }));
  });
  const closed = cluster.databases.filter(({ connectable }) => !connectable);
  if (closed.length > 0) {
    const names = closed.map(({ name }) => name);
    throw new UserError([mayNotRead(expected, cluster.user, names)]);
  }
  const databases: LiveDatabase[] = [];
  const belongings = [...cluster.belongings];
  // One after the other: an audit must not use up a busy server's connections.
  for (const { name, owner, grants } of cluster.databases) {
    const inside = await using(await connect(name), (connection) =>
      reading(connection, async () => ({
        schemas: await connection.query<LiveSchema>(queries.SCHEMAS),
        extensions: await connection.query<LiveExtension>(queries.EXTENSIONS),
        objects: await connection.query<LiveObjects>(queries.OBJECTS),
        defaultPrivileges: await connection.query<LiveDefaultPrivileges>(queries.DEFAULT_PRIVILEGES),
        belongings: await connection.query<LiveBelonging>(queries.BELONGINGS_HERE, [roles]),
        protectedTables: await connection.query<LiveProtectedTable>(queries.PROTECTED_TABLES),
        guard: await connection.query<{ readonly guarded: boolean }>(queries.DROP_OWNED_GUARD),
      })),
    );
    belongings.push(...inside.belongings);
    const { schemas, extensions, objects, defaultPrivileges, protectedTables } = inside;
    const dropOwnedGuarded = inside.guard.some(({ guarded }) => guarded);
    databases.push({
      name,
      owner,
      grants,
      schemas,
      extensions,
      objects,
      defaultPrivileges,
      protectedTables,
      dropOwnedGuarded,
    });
  }
  return { ...cluster, databases, belongings };
}
