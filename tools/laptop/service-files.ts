import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { shellWord } from "../../lib/shell";
import { connectionVariables } from "../../model/access/connection";
import { iamRoleArn } from "../../model/access/iam";
import type { ServiceIdentity } from "../../model/access/identity";
import type { PasswordlessPath } from "./passwordless-path";

/** A ServiceAccount's token lasts a day; the kubelet renews it long before, and so do we. */
const RENEW_EVERY_MS = 3_600_000;

/** A service's variables, as its pods have them, and a file with them for a shell. */
export interface ServiceFiles {
  readonly variables: Readonly<Record<string, string>>;
  /** Path of a file that a shell reads: `set -a; . <file>`. */
  readonly file: string;
}

/**
 * Writes what Kubernetes gives the pods of each service: the token of the ServiceAccount, the CA certificates, and the
 * variables of the ConfigMap and of EKS. The files lie in the laptop's folder and go with it.
 * @returns them by the service's key
 */
export async function writeServiceFiles(path: PasswordlessPath): Promise<ReadonlyMap<string, ServiceFiles>> {
  const files = new Map<string, ServiceFiles>();
  for (const identity of path.plan.identities) {
    if (identity.kind === "service") files.set(identity.key, await filesOf(path, identity));
  }
  return files;
}

async function filesOf(path: PasswordlessPath, identity: ServiceIdentity): Promise<ServiceFiles> {
  const write = (name: string, text: string) => {
    const file = join(path.folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  const writeToken = async () => write(`${identity.key}.token`, await path.serviceAccountToken(identity));
  const variables = {
    ...connectionVariables(path.plan, identity, path.endpoint),
    PGSSLROOTCERT: write("gateway-ca.pem", path.ca),
    AWS_ENDPOINT_URL_STS: path.stsUrl,
    AWS_ROLE_ARN: iamRoleArn(path.plan, identity),
    // Without a name of its own the AWS CLI would go on with the credentials that it keeps of another laptop's service.
    AWS_ROLE_SESSION_NAME: basename(path.folder),
    AWS_WEB_IDENTITY_TOKEN_FILE: await writeToken(),
  };
  setInterval(() => void writeToken(), RENEW_EVERY_MS).unref();
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${shellWord(value)}\n`);
  return { variables, file: write(`${identity.key}.env`, lines.join("")) };
}
