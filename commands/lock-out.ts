import { readFileSync } from "node:fs";
import { terminalText } from "../lib/terminal-text";
import { exitOnUserError, UserError } from "../lib/user-error";
import { accessPlan } from "../model/access/plan";
import { connect } from "../tools/catalog/connection";
import { serverAddress } from "../tools/catalog/server-address";
import { awsCli } from "../tools/deployed/aws-cli";
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
  PGHOST, PGPORT, PGUSER, PGPASSWORD, PGSSLROOTCERT, PGCONNECT_TIMEOUT, ALL_PROXY  as for npm run verify; PGHOST is the writer
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
  const address = (host?: string) =>
    serverAddress(
      host === undefined ? process.env : { ...process.env, PGHOST: host },
      database.caBundle,
      (path) => readFileSync(path, "utf8"),
    );
  const means = {
    aws: awsCli(new AbortController().signal),
    connect: async (reader?: string) => connect(address(reader), undefined, "lock-out"),
  };
  if (!(await run(means, say))) process.exitCode = 1;
}

void exitOnUserError(main);
