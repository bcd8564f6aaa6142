import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { connectionVariables } from "../../model/access/connection";
import { type IdentityPlan, loginsOf } from "../../model/access/identity";
import { credentialVariables, type Holder, type Write } from "./credential-variables";
import type { PasswordlessPath } from "./passwordless-path";
import type { Variables } from "./run-board";

/**
 * A ServiceAccount's token lasts a day, the credentials that services of AWS give six hours, and the session of somebody who
 * signed in an hour. AWS renews them long before their end, and so do we.
 */
const RENEW_EVERY_MS = 1_800_000;

/** What an identity signs in and connects with. */
export interface SignInFiles {
  readonly kind: IdentityPlan["kind"];
  /** Who of the members of a group of people it is. @default it has none */
  readonly member?: string;
  /** All of it, as environment variables. */
  readonly variables: Variables;
}

/**
 * Writes what each identity has where it runs: the CA certificates, how to connect, and what it takes its IAM role with. Of
 * a group of people with members each member has their own. The files lie in the laptop's folder and go with it.
 * @param renewed called when they were written anew
 * @returns them by the identity's key, or a member's database user, which no key is like: it has an underscore
 */
export async function writeSignInFiles(
  path: PasswordlessPath,
  renewed: () => void = () => undefined,
): Promise<ReadonlyMap<string, SignInFiles>> {
  const files = new Map<string, SignInFiles>();
  const write = async () => {
    for (const identity of path.plan.identities) {
      for (const { databaseUser, member } of loginsOf(identity)) {
        const holder = { name: member === undefined ? identity.key : databaseUser, databaseUser, member };
        files.set(holder.name, {
          kind: identity.kind,
          ...(member !== undefined && { member }),
          variables: await variablesOf(path, identity, holder),
        });
      }
    }
  };
  await write();
  setInterval(() => void write().then(renewed), RENEW_EVERY_MS).unref();
  return files;
}

async function variablesOf(
  path: PasswordlessPath,
  identity: IdentityPlan,
  holder: Holder,
): Promise<Variables> {
  const write: Write = (name, text) => {
    const file = join(path.folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  return {
    ...connectionVariables(path.plan, { ...identity, databaseUser: holder.databaseUser }, path.endpoints),
    PGSSLROOTCERT: write("gateway-ca.pem", path.ca),
    AWS_ENDPOINT_URL_STS: path.stsUrl,
    ...(await credentialVariables(path, identity, holder, write)),
  };
}
