import type { Client } from "pg";
import type { Endpoint } from "../../../model/access/connection";
import { type IdentityPlan, loginsOf } from "../../../model/access/identity";
import type { DatabasePlan } from "../../../model/access/plan";
import type { PasswordlessPath } from "../passwordless-path";
import { type Credentials, logIn } from "../sign-in";
import { type Attempt, attempts } from "./attempts";
import type { Check, Try } from "./check";
import { extensionAttempts } from "./extension-attempts";

/** Who tries to do something in which database, and through which endpoint. */
export interface Place {
  readonly path: PasswordlessPath;
  readonly identity: IdentityPlan;
  readonly credentials: Credentials;
  readonly database: DatabasePlan;
  readonly endpoint: Endpoint;
  readonly where: "writer" | "reader";
}

/** In each schema an identity does what the environment file says and nothing else; through a reader it writes nothing. */
export async function proveDatabase(
  { path, identity, credentials, database, endpoint, where }: Place,
  attempt: Try,
): Promise<Check[]> {
  const [{ databaseUser }] = loginsOf(identity);
  const { grants } = identity;
  const { name, schemas } = database;
  const login = { credentials, user: databaseUser, database: name, endpoint };
  const granted = grants.some((grant) => grant.database === name);
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
  checks.push(...(await tryAll(client, name, extensionAttempts(database), attempt)));
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
