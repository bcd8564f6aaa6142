import { serversOf } from "../../../model/access/connection";
import { quoteIdentifier } from "../../../model/postgresql/quoting";
import type { PasswordlessPath } from "../passwordless-path";
import { type Actor, actorsOf } from "./actor";
import { dropProofObjects, proofObjects } from "./attempts";
import type { Check } from "./check";
import { proveConnections } from "./limits";
import { proveEnd, proveLogins } from "./logins";
import { proveDatabase } from "./prove-database";
import { proveProxy } from "./proxy";
import { proveRoles } from "./roles";

/**
 * Tries, as every identity of the plan and every member, what it may do and what it may not: which roles it can take, whom it
 * can log in as, and everything that levels speak of in every schema. Whatever the attempts change is undone.
 */
export async function prove(path: PasswordlessPath): Promise<Check[]> {
  await onEverySchema(path, proofObjects);
  await path.readersCaughtUp();
  try {
    const actors = actorsOf(path);
    const checks = await Promise.all(actors.filter(({ ended }) => !ended).map(proveActor));
    // These move the time, which is one for all.
    for (const actor of actors) checks.push(await (actor.ended ? proveActor(actor) : proveEnd(actor)));
    return checks.flat();
  } finally {
    await onEverySchema(path, dropProofObjects);
  }
}

async function proveActor(actor: Actor): Promise<Check[]> {
  const { checks, own: credentials } = await proveRoles(actor);
  // Without credentials there is nothing to log in with, and a check has failed.
  if (!credentials) return [...checks];
  const all = [
    ...checks,
    ...(await proveLogins(actor, credentials)),
    ...(await proveProxy(actor, credentials)),
    ...(await proveConnections(actor, credentials)),
  ];
  const { plan, endpoints } = actor.path;
  const { writer, reader } = serversOf(actor.identity, endpoints);
  for (const database of plan.databases) {
    const place = { credentials, database };
    all.push(...(await proveDatabase(actor, { ...place, endpoint: writer, where: "writer" })));
    if (!reader) continue;
    all.push(...(await proveDatabase(actor, { ...place, endpoint: reader, where: "reader" })));
  }
  return all;
}

/** Runs a statement as the owner group of each schema, as its migrations do. */
async function onEverySchema(path: PasswordlessPath, statement: (schema: string) => string): Promise<void> {
  for (const { name, schemas } of path.plan.databases) {
    const client = await path.superuser(name);
    for (const schema of schemas) {
      await client.query(`SET ROLE ${quoteIdentifier(schema.owner)}`);
      await client.query(statement(schema.name));
      await client.query("RESET ROLE");
    }
    await client.end();
  }
}
