import type { Client } from "pg";
import { serversOf } from "../../../model/access/connection";
import type { IdentityPlan } from "../../../model/access/identity";
import { PUBLIC_SCHEMA } from "../../../model/postgresql/names";
import { quoteIdentifier, quoteLiteral } from "../../../model/postgresql/quoting";
import { type Credentials, logIn } from "../sign-in";
import type { Actor } from "./actor";
import { type Attempt, proofTable } from "./attempts";
import { type Check, LOGIN } from "./check";

/** More connections than these take longer to open than they are worth. */
const FEW = 20;

/** An identity with few connections has all of them, and not one more. */
export async function proveConnections(
  { path, identity, login: { databaseUser: user }, attempt, ended }: Actor,
  credentials: Credentials,
): Promise<Check[]> {
  const { connectionLimit, database } = identity;
  if (ended || connectionLimit > FEW) return [];
  const clients: Client[] = [];
  const open = async () => {
    clients.push(
      await logIn(path, {
        credentials,
        user,
        database,
        endpoint: serversOf(identity, path.endpoints).writer,
      }),
    );
  };
  const checks = [
    await attempt(LOGIN, `${connectionLimit} times at once`, "allowed", async () => {
      while (clients.length < connectionLimit) await open();
    }),
    await attempt(LOGIN, "once more at once", "denied", open),
  ];
  const more = `ALTER ROLE ${quoteIdentifier(user)} CONNECTION LIMIT -1`;
  const raised = await attempt(LOGIN, "let itself have more", "denied", async () => clients[0]?.query(more));
  for (const client of clients) await client.end();
  return [...checks, raised];
}

/** What limits come to in a session of an identity. Times are too long to wait for: the session says them. */
export function limitAttempts(identity: IdentityPlan, database: string): Attempt[] {
  const { grants, statementTimeout, idleInTransactionSessionTimeout, searchPath = [] } = identity;
  const schemas = grants.filter((grant) => grant.database === database).map(({ schema }) => schema);
  const first = searchPath.find((schema) => schemas.includes(schema));
  const time = (what: string, name: string, value: number | undefined): Attempt[] =>
    value === undefined
      ? []
      : [
          {
            what,
            sql: unlessWrong(`current_setting('${name}')::interval = '${value}ms'`),
            expected: "allowed",
          },
        ];
  return [
    ...time("end its statements in time", "statement_timeout", statementTimeout),
    ...time(
      "end its open transactions in time",
      "idle_in_transaction_session_timeout",
      idleInTransactionSessionTimeout,
    ),
    ...(first === undefined || first === PUBLIC_SCHEMA
      ? []
      : [
          {
            what: `find what is in ${first} without naming it`,
            sql: unlessWrong(`'access_proof'::regclass = ${quoteLiteral(proofTable(first))}::regclass`),
            expected: "allowed",
          } as const,
        ]),
  ];
}

/** Divides by zero where a condition does not hold. */
function unlessWrong(condition: string): string {
  return `SELECT 1 / (${condition})::int`;
}
