import { privateFolder } from "../lib/private-folder";
import { checkCommand, isCommand, runCommand } from "../lib/run-command";
import { exitOnUserError, printMessages } from "../lib/user-error";
import { promptCommands, runPrompt } from "../tools/prompt/prompt";
import { asArguments } from "./support/as-arguments";
import { type AsWhom, asWhom } from "./support/as-whom";
import { forgetCallersIdentity, withoutCallersIdentity } from "./support/callers-variables";
import { WHERE_ENVIRONMENTS_ARE } from "./support/environments";
import { leaveSignalsTo } from "./support/signals";

const USAGE = `Usage: npm run as -- <identity> [options] [command …]
A shell, or a command with its own options, as a service or a group of people: with the variables that it connects and
signs in with, and none of yours for AWS and PostgreSQL. Nothing of it is left when that ends.
  npm run as -- orders-api psql
  npm run as -- on-call --env dev psql -c "select 1"
The identity is its name in the environment file; a member of a group of people is named by the database user, such as
on_call_anna. On this machine it joins the npm start that runs; where none does, one starts for just this command.

  --env <environment>     on AWS: your own credentials take its IAM role, which people's and listed principals' trust
  --laptop <environment>  that environment's laptop, where several run, or another than dev is to start
  --tunnel                with --env: through the environment's bastion; PGPASSWORD is then the local port's
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
  // What connects in this process, a laptop's parts among it, would turn to them, too.
  forgetCallersIdentity(process.env, "PG");
  const whom = await asWhom(given, process.env, USAGE, (line) => printMessages([line]));
  try {
    process.exitCode = ownPrompt
      ? await prompt(whom, statements)
      : await run(whom, command, env, given.command.length === 0);
  } finally {
    await whom.end();
  }
});

async function run(
  whom: AsWhom,
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  isShell: boolean,
): Promise<number> {
  const { ca, variables } = whom;
  const folder = ca !== undefined && variables.PGSSLROOTCERT === undefined ? privateFolder("as") : undefined;
  try {
    const signed = new Date();
    const all = {
      ...env,
      ...variables,
      ...(folder && { PGSSLROOTCERT: folder.write("ca.pem", ca ?? "") }),
      PGPASSWORD: await whom.password(),
    };
    if (isShell) printMessages([greeting(whom, signed)]);
    // npm runs scripts in the project's folder, wherever it was called.
    const { npm_lifecycle_event: script, INIT_CWD: cwd } = process.env;
    const running = runCommand(command, all, script === "as" && cwd ? { cwd } : {});
    leaveSignalsTo(running);
    return await running.exitCode;
  } finally {
    await folder?.remove();
  }
}

function prompt(
  { databaseUser: user, database, endpoint, ca, password }: AsWhom,
  statements: readonly string[],
): Promise<number> {
  const connection = { ...endpoint, user, database, ...(ca !== undefined && { ca }), password };
  const { stdin: input, stdout: output, stderr: errors } = process;
  return runPrompt(connection, statements, { input, output, errors });
}

/** A token's life. */
const TOKEN_MS = 900_000;

function greeting({ databaseUser, database, where, ca, until }: AsWhom, signed: Date): string {
  const time = (date: Date) => date.toTimeString().slice(0, 5);
  const good = ca === undefined ? "until this ends" : `until ${time(new Date(signed.getTime() + TOKEN_MS))}`;
  const end = until === undefined ? "" : `, the credentials of its role until ${time(until)}`;
  return `You are ${databaseUser} in ${database}, ${where}. PGPASSWORD is good for new logins ${good}${end}. exit leaves.`;
}
