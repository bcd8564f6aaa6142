import { serversOf } from "../../../model/access/connection";
import { inEverySchema } from "../every-schema";
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
 * @param proven called for each identity or member that is done, with how many are and how many there are
 */
export async function prove(
  path: PasswordlessPath,
  proven: (done: number, all: number) => void = () => undefined,
): Promise<Check[]> {
  await inEverySchema(path, proofObjects);
  await path.readersCaughtUp();
  try {
    const actors = actorsOf(path);
    let done = 0;
    const provenActor = async (actor: Actor) => {
      const checks = await proveActor(actor);
      proven(++done, actors.length);
      return checks;
    };
    const checks = await Promise.all(actors.filter(({ ended }) => !ended).map(provenActor));
    // These move the time, which is one for all.
    for (const actor of actors) checks.push(await (actor.ended ? provenActor(actor) : proveEnd(actor)));
    return checks.flat();
  } finally {
    await inEverySchema(path, dropProofObjects);
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
