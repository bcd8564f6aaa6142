import type { AdoptedDatabase, LiveServer } from "./live-server";
import type { Beyond } from "./proposal";
import { holdsOwn, type Target } from "./targets";
import { count, lineIf, some, systemRoles } from "./words";

/** Why a database is not in the section; undefined when it is. */
export function leftOut(
  live: LiveServer,
  { name, connectable }: AdoptedDatabase,
  targets: readonly Target[],
): readonly Beyond[] | undefined {
  const where = `database ${name}`;
  if (!connectable) {
    return lineIf(
      true,
      where,
      `${live.user} may not connect to it, or nobody may, so nothing is known of it and it is not in the section.`,
      "Read it as somebody who may connect, such as the admin.",
    );
  }
  if (targets.length > 0) return undefined;
  // The database postgres is there on every server.
  return lineIf(
    name !== "postgres",
    where,
    "Nothing is in it but what PostgreSQL and extensions bring, so it is not in the section.",
    "Declare it if something is to come, or drop it.",
  );
}

/** What there is to a database besides its schemas, and of rarer kinds than those that levels speak of. */
export function databaseLines(live: LiveServer, database: AdoptedDatabase): Beyond[] {
  const { name, extensions, defaultPrivileges } = database;
  const where = `database ${name}`;
  const system = systemRoles(live);
  const homes = new Set(extensions.map(({ schema }) => schema));
  const empty = database.schemas.filter(
    (schema) =>
      schema.name !== "public" &&
      !homes.has(schema.name) &&
      !system.has(schema.owner) &&
      !holdsOwn(live, database, schema.name),
  );
  const creators = defaultPrivileges.filter(({ creator }) => !system.has(creator));
  const others = database.others.filter(
    ({ schema, extension, owner }) => schema === null && !extension && !system.has(owner),
  );
  return [
    ...lineIf(
      empty,
      where,
      `Nothing is in ${count(empty.length, "schema")} (${some(empty.map((schema) => schema.name))}), so not in the section either.`,
      "Declare what is to be used; drop the rest.",
    ),
    ...lineIf(
      creators,
      where,
      `What ${some(creators.map(({ creator }) => creator))} creates is granted to others by default privileges. From now on only the owner groups create, and their default privileges are the file's.`,
      "The SQL takes those of others back.",
    ),
    ...others.flatMap(({ type, identity, owner }) =>
      lineIf(
        true,
        where,
        `${type} ${identity} belongs to ${owner}, and the file does not speak of such.`,
        OTHER_KINDS[type] ?? "Leave it as it is, or make it the admin's.",
      ),
    ),
    ...database.largeObjects.flatMap(({ owner, count: number }) =>
      lineIf(
        !system.has(owner),
        where,
        `${count(number, "large object")} of ${owner}: they are in no schema, so no level reaches them.`,
        "Move what they hold to a column of type bytea or to S3 before the old login goes.",
      ),
    ),
    ...extensions.flatMap(({ name: extension, schema, relocatable }) =>
      lineIf(
        schema !== "public",
        `extension ${extension} in ${name}`,
        `It is in the schema ${schema}; the model has extensions in public.`,
        relocatable
          ? `ALTER EXTENSION … SET SCHEMA public, if nothing names what is in it with ${schema}.`
          : "It cannot be moved. Leave it there; verify will say so.",
      ),
    ),
  ];
}

/** What is to be done about kinds that no level speaks of. */
const OTHER_KINDS: Readonly<Record<string, string>> = {
  "event trigger": "It is the admin's to keep; see that its function still does what it should.",
  publication:
    "Make it the admin's. Logical replication reads as a login of its own, which is not in the section.",
  subscription: "Make it the admin's.",
  "foreign-data wrapper": "It carries data elsewhere: drop it if nothing needs it.",
  server: "It carries data elsewhere: drop it, or make it the admin's.",
  "user mapping": "The new login needs one of its own: CREATE USER MAPPING FOR … SERVER ….",
};
