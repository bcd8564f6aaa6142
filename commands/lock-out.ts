import { readFileSync } from "node:fs";
import { terminalText } from "../lib/terminal-text";
import { exitOnUserError, UserError } from "../lib/user-error";
import { accessPlan } from "../model/access/plan";
import type { Environment } from "../model/config/environment";
import { ADMIN_USER, POSTGRESQL_PORT } from "../model/postgresql/names";
import { connect } from "../tools/catalog/connection";
import { serverAddress } from "../tools/catalog/server-address";
import { type Aws, awsCli } from "../tools/deployed/aws-cli";
import { checkedOutputs, readOutputs } from "../tools/deployed/outputs";
import { lockOut } from "../tools/lock-out/lock-out";
import { commandLine } from "./support/arguments";
import { now, oneEnvironment, WHERE_ENVIRONMENTS_ARE } from "./support/environments";

const USAGE = `Usage: npm run lock-out -- <environment> <identity> [--run | --undo [--run]]
Ends a compromised identity at once. Prints what it would do, with the commands to do it by hand; with --run it does it: IAM
denies its role to connect and revokes its sessions in AWS, its database users may not log in any more, their open sessions end
on the writer and on every reader. Then it says what remains. Every step may be done twice: run it again after an interruption.
Of a group of people whose members each have a database user, that name in place of the group's ends one of them.
Exits 0 when all is done, else 1.

  --run    do it, and not just say so
  --undo   let the identity in again; sessions in AWS from before stay revoked

With --run it takes the AWS CLI, with credentials that may iam:PutRolePolicy (docs/operating.md), and the admin's connection:
  PGPASSWORD  the password of PGUSER; required
  PGHOST, PGPORT, PGUSER  the writer and the admin; default: what the state of the database's stack and the file say
  PGSSLROOTCERT, PGCONNECT_TIMEOUT, ALL_PROXY  as for npm run verify
${WHERE_ENVIRONMENTS_ARE}`;

async function main(): Promise<void> {
  const given = commandLine(USAGE, { names: true, flags: ["run", "undo"] });
  if (!given) return;
  const [name, identity, ...more] = given.names;
  if (name === undefined || identity === undefined || more.length > 0) {
    throw new UserError(["Name one environment and one identity."], USAGE);
  }
  const environment = oneEnvironment([name], USAGE);
  const { region, database } = environment;
  const server = database.existing ?? { kind: "cluster", identifier: environment.name };
  const { text, run } = lockOut(accessPlan(environment), {
    name: identity,
    now: now(undefined),
    undo: given.flags.has("undo"),
    // Also where the file has no readers: whoever was in a hurry may have added some.
    ...(server.kind === "cluster" && { cluster: { identifier: server.identifier, region } }),
  });
  const say = (line: string) => process.stdout.write(`${terminalText(line)}\n`);
  if (!given.flags.has("run")) {
    for (const line of text.split("\n")) say(line);
    say("");
    say("Nothing was done. With --run it is.");
    return;
  }
  // PostgreSQL's part waits for it, and is to have its turn when AWS does not answer.
  const aws = awsCli(new AbortController().signal, { page: "docs/operating.md", seconds: 20 });
  const means = {
    aws,
    connect: async (reader?: string) => {
      const env = { ...(await admin(environment, aws)), ...(reader !== undefined && { PGHOST: reader }) };
      const address = serverAddress(env, database.caBundle, (path) => readFileSync(path, "utf8"));
      return connect(address, undefined, "lock-out");
    },
  };
  if (!(await run(means, say))) process.exitCode = 1;
}

/** Variables of the admin's connection: the caller's, and for what is not set what the environment says. */
async function admin(environment: Environment, aws: Aws): Promise<NodeJS.ProcessEnv> {
  const { PGHOST, PGPORT, PGUSER, ...others } = process.env;
  const { existing } = environment.database;
  return {
    ...others,
    PGHOST: PGHOST || (await writerEndpoint(environment, aws)),
    PGPORT: PGPORT || String(existing?.port ?? POSTGRESQL_PORT),
    PGUSER: PGUSER || (existing?.adminUser ?? ADMIN_USER),
  };
}

async function writerEndpoint(environment: Environment, aws: Aws): Promise<string> {
  try {
    const outputs = await readOutputs(environment, ["database"], aws);
    return checkedOutputs(environment, outputs, ["writer-endpoint"])["writer-endpoint"];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError([...error.messages, "or set PGHOST to the writer's endpoint"]);
  }
}

void exitOnUserError(main);
