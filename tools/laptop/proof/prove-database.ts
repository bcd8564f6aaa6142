import type { Client } from "pg";
import type { Endpoint } from "../../../model/access/connection";
import type { DatabasePlan } from "../../../model/access/plan";
import { type Credentials, logIn } from "../sign-in";
import type { Actor } from "./actor";
import { type Attempt, attempts } from "./attempts";
import { CATALOG_ATTEMPTS } from "./catalog-attempts";
import { type Check, LOGIN, type Try } from "./check";
import { extensionAttempts } from "./extension-attempts";
import { limitAttempts } from "./limits";

/** A database as somebody reaches it. */
export interface Place {
  readonly credentials: Credentials;
  readonly database: DatabasePlan;
  readonly endpoint: Endpoint;
  readonly where: "writer" | "reader";
}

/**
 * In each schema somebody does what the environment file says and nothing else, and the job that verifies sees the catalogs; through a reader they write nothing, and
 * after the end of their access they do not get in.
 */
export async function proveDatabase(actor: Actor, place: Place): Promise<Check[]> {
  const { path, identity, login: own, ended } = actor;
  const { credentials, database, endpoint, where } = place;
  const attempt = where === "writer" ? actor.attempt : actor.attemptOnReader;
  const { grants } = identity;
  const { name, schemas } = database;
  const login = { credentials, user: own.databaseUser, database: name, endpoint };
  const looks = identity.kind === "service" && identity.verifies === true;
  const granted = !ended && (looks || grants.some((grant) => grant.database === name));
  let client: Client | undefined;
  const connected = await attempt("", `connect to ${name}`, granted ? "allowed" : "denied", async () => {
    client = await logIn(path, login);
  });
  if (!granted || !client) {
    await client?.end();
    return schemas.map((schema) => ({ ...connected, subject: `${name}.${schema.name}` }));
  }
  const checks: Check[] = [];
  for (const { name: schema } of schemas) {
    const level = grants.find((grant) => grant.database === name && grant.schema === schema)?.level;
    checks.push(...(await tryAll(client, `${name}.${schema}`, attempts(schema, level, where), attempt)));
  }
  checks.push(...(await tryAll(client, LOGIN, limitAttempts(identity, name), attempt)));
  if (looks) {
    // Of the extensions it uses none: in PostgreSQL, names in a schema that it may not use are not found.
    const none = extensionAttempts(database).filter(({ expected }) => expected === "denied");
    checks.push(...(await tryAll(client, LOGIN, [...CATALOG_ATTEMPTS, ...none], attempt)));
    await client.end();
    return checks;
  }
  // They are the database's: shown with the first schema of whoever tries.
  const first = grants.find((grant) => grant.database === name)?.schema;
  const ofDatabase = extensionAttempts(database, identity.searchPath);
  checks.push(...(await tryAll(client, `${name}.${first}`, ofDatabase, attempt)));
  await client.end();
  return checks;
}

async function tryAll(
  client: Client,
  subject: string,
  tries: readonly Attempt[],
  attempt: Try,
): Promise<Check[]> {
  const checks: Check[] = [];
  for (const { what, sql, expected } of tries) {
    await client.query("BEGIN");
    checks.push(await attempt(subject, what, expected, () => client.query(sql)));
    await client.query("ROLLBACK");
  }
  return checks;
}
