import { privateFolder } from "../lib/private-folder";
import { checkCommand, isCommand, runCommand } from "../lib/run-command";
import { exitOnUserError, printMessages, UserError } from "../lib/user-error";
import { promptCommands, runPrompt } from "../tools/prompt/prompt";
import { type AsArguments, asArguments } from "./support/as-arguments";
import { type AsWhom, asWhom } from "./support/as-whom";
import { forgetCallersIdentity, withoutCallersIdentity } from "./support/callers-variables";
import { WHERE_ENVIRONMENTS_ARE } from "./support/environments";
import { leaveSignalsTo } from "./support/signals";
import type { WayIn } from "./support/way-in";

const USAGE = `Usage: npm run as -- <identity> [options] [command …]
A shell, or a command with its own options, as a service or a group of people: with the variables that it connects and
signs in with, and none of yours for AWS and PostgreSQL. Nothing of it is left when that ends.
  npm run as -- orders-api psql
  npm run as -- on-call --env dev psql -c "select 1"
The identity is its name in the environment file; a member of a group of people is named by the database user, such as
on_call_anna. On this machine it joins the npm start that runs; where none does, one starts for just this command.

  --env <environment>     on AWS: your own credentials take its IAM role, which people's and listed principals' trust
  --laptop <environment>  that environment's laptop, where several run, or another than dev is to start
  --readers               to the database's readers
  --sql                   a small prompt for statements, or -c "statement"; in psql's place also where there is no psql

PGPASSWORD is a token for new logins within 15 minutes; what signs its own needs it not. Exits as the command does.
${WHERE_ENVIRONMENTS_ARE}`;

void exitOnUserError(async () => {
  const given = asArguments(USAGE, process.argv.slice(2));
  if (!given) return;
  const command = given.command.length > 0 ? given.command : [process.env.SHELL || "/bin/sh"];
  const ownPrompt = given.sql || (command[0] === "psql" && !isCommand("psql"));
  const statements = ownPrompt ? promptCommands(given.sql ? given.command : given.command.slice(1)) : [];
  if (!ownPrompt) checkCommand(command, given.command.length > 0 ? "to run" : "to run; SHELL names it");
  // Before the identity's own take their place.
  const env = withoutCallersIdentity(process.env);
  // What connects in this process would turn to them, too.
  forgetCallersIdentity(process.env, "PG");
  const whom = await asWhom(given, process.env, USAGE, (line) => printMessages([line]));
  try {
    process.exitCode = ownPrompt
      ? await prompt(whom, given, statements)
      : await run(whom, given, command, env);
  } finally {
    await whom.end();
  }
});

async function run(
  { wayIn, where }: AsWhom,
  given: AsArguments,
  command: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const { endpoint, variables } = to(wayIn, given);
  const certificates = variables.PGSSLROOTCERT === undefined ? privateFolder("as") : undefined;
  try {
    const signed = new Date();
    const token = await wayIn.token(endpoint);
    if (given.command.length === 0) printMessages([greeting(wayIn, where, signed)]);
    const { INIT_CWD } = process.env;
    const running = runCommand(
      command,
      {
        ...env,
        ...variables,
        ...(certificates && { PGSSLROOTCERT: certificates.write("ca.pem", wayIn.ca) }),
        PGPASSWORD: token,
      },
      // npm runs scripts in the project's folder, wherever it was called.
      process.env.npm_lifecycle_event === "as" && INIT_CWD ? { cwd: INIT_CWD } : {},
    );
    leaveSignalsTo(running);
    return await running.exitCode;
  } finally {
    await certificates?.remove();
  }
}

function prompt({ wayIn }: AsWhom, given: AsArguments, statements: readonly string[]): Promise<number> {
  const { databaseUser: user, database, ca } = wayIn;
  const { endpoint } = to(wayIn, given);
  const connection = { ...endpoint, user, database, ca, password: () => wayIn.token(endpoint) };
  return runPrompt(connection, statements, {
    input: process.stdin,
    output: process.stdout,
    errors: process.stderr,
  });
}

/** Where its sessions go, and the variables that say so. */
function to(wayIn: WayIn, { identity, readers }: AsArguments): Pick<WayIn, "endpoint" | "variables"> {
  if (!readers) return wayIn;
  const { endpoint, reader, variables } = wayIn;
  if (!reader) {
    throw new UserError([`${identity} has no readers here beside ${endpoint.host}; leave out --readers`]);
  }
  const { PGHOST_READER: _, ...others } = variables;
  return { endpoint: reader, variables: { ...others, PGHOST: reader.host, PGPORT: String(reader.port) } };
}

/** A token's life. */
const TOKEN_MS = 900_000;

function greeting({ databaseUser, database, until }: WayIn, where: string, signed: Date): string {
  const time = (date: Date) => date.toTimeString().slice(0, 5);
  const end = until === undefined ? "" : `, the credentials of its role until ${time(until)}`;
  const token = time(new Date(signed.getTime() + TOKEN_MS));
  return `You are ${databaseUser} in ${database}, ${where}. PGPASSWORD is good for new logins until ${token}${end}. exit leaves.`;
}
