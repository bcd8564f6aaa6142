import { terminalText } from "../lib/terminal-text";
import { exitOnUserError, UserError } from "../lib/user-error";
import { awsCli } from "../tools/deployed/aws-cli";
import { openLogin, openTunnel, PORTS, type Tunnel, type TunnelLogin } from "../tools/tunnel/tunnel";
import { commandLine, wholeNumber } from "./support/arguments";
import { withoutCallersIdentity } from "./support/callers-variables";
import { oneEnvironment, WHERE_ENVIRONMENTS_ARE } from "./support/environments";
import { onSignals } from "./support/signals";
import { type WayIn, wayInToAws, wayInToLaptop } from "./support/way-in";

const USAGE = `Usage: npm run tunnel -- <environment> [--as <identity>] [--port N] [--timeout N] [--readers] [-- <command> …]
       npm run tunnel -- --laptop [<environment>] --as <identity> [--port N] [--readers] [-- <command> …]
Reaches the environment's private database, and its Kubernetes API when that is private, through the bastion: opens
Session Manager port forwards and serves them as a SOCKS5 proxy on 127.0.0.1, for just these hosts. Until Ctrl-C, or
until the command ends, which runs with ALL_PROXY and KUBE_PROXY_URL set; with --as it runs with PGHOST, PGPASSWORD and
the like instead, without your own AWS and PostgreSQL variables, and logs in as that identity.

  --as X       a port for database tools, which log in as this identity (for a group with members: as a database user),
               each time with a fresh token of its IAM role, which your own credentials take
  --laptop     to the database of a laptop that runs (npm start); nothing of AWS is needed
  --port N     port of the proxy; default 1080. N+${PORTS.database} leads straight to the database, N+${PORTS.readers} to its readers; N+${PORTS.login} logs in
               with --as, N+${PORTS.readersLogin} at its readers
  --readers    to the database's readers as well
  --timeout N  seconds each destination may take to answer; default 60

To AWS it needs the AWS CLI with its Session Manager plugin, credentials of the environment's account, and its stacks
deployed. docs/private-access.md says what to do with it, and which permissions it takes; docs/database-tools.md, how
DataGrip, DBeaver, pgAdmin and psql log in by it.
${WHERE_ENVIRONMENTS_ARE}`;

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const separator = args.indexOf("--");
  const command = separator < 0 ? undefined : args.slice(separator + 1);
  const given = commandLine(USAGE, {
    names: true,
    flags: ["readers", "laptop"],
    values: ["as", "port", "timeout"],
    args: command ? args.slice(0, separator) : args,
  });
  if (!given) return;
  if (command?.length === 0) throw new UserError(["Name a command after --."], USAGE);
  const { names, flags, values } = given;
  const readers = flags.has("readers");
  const port = wholeNumber("--port", values.port ?? "1080", 1, 65535 - last(readers, values.as));
  const timeoutMs = wholeNumber("--timeout", values.timeout ?? "60", 1, 3600) * 1000;
  const options = { port, readers, ...(command && { command }) };
  // Taken now: a laptop's way in puts what its identity signs with into this process's variables.
  const env = values.as === undefined ? process.env : withoutCallersIdentity(process.env);
  if (flags.has("laptop")) {
    if (values.as === undefined) throw new UserError(["Say with --as who logs in to the laptop."], USAGE);
    if (names.length > 1) throw new UserError(["Name one environment, or none."], USAGE);
    const way = wayInToLaptop(values.as, process.env, { project: process.cwd(), environment: names[0] });
    const login = loginOf(values.as, way, readers);
    return serve(command, env, ({ log }) => openLogin(login, { ...options, log }));
  }
  const environment = oneEnvironment(names, USAGE);
  return serve(command, env, async ({ log, cancelled }) => {
    const login =
      values.as === undefined
        ? undefined
        : loginOf(values.as, await wayInToAws(environment, values.as, awsCli(cancelled)), readers);
    return openTunnel(environment, { ...options, timeoutMs, log, cancelled, ...(login && { login }) });
  });
}

/** How far the last port is from the first. */
function last(readers: boolean, as: string | undefined): number {
  if (as !== undefined) return readers ? PORTS.readersLogin : PORTS.login;
  return readers ? PORTS.readers : PORTS.database;
}

/** @throws UserError when readers are wanted and the identity has none */
function loginOf(name: string, way: WayIn, readers: boolean): TunnelLogin {
  const { reader, ...login } = way;
  if (!readers) return { ...login, name };
  if (reader) return { ...login, name, reader };
  throw new UserError([
    `${name} connects to ${way.endpoint.host} and has no other endpoint for readers; leave out --readers`,
  ]);
}

/** Opens a tunnel, until Ctrl-C or for as long as the command runs. */
async function serve(
  command: readonly string[] | undefined,
  env: NodeJS.ProcessEnv,
  open: (to: { readonly log: (line: string) => void; readonly cancelled: AbortSignal }) => Promise<Tunnel>,
): Promise<void> {
  const interrupted = new AbortController();
  let running: { kill(signal: NodeJS.Signals): void } | undefined;
  onSignals((signal, count) => {
    // Ctrl-C reaches the command too, and what it then does may need the tunnel: Terraform saves its state.
    if (running && signal === "SIGINT" && count <= 2) return;
    if (running && count === 1) running.kill(signal);
    else if (count > 1) process.exit(130);
    else interrupted.abort();
  });

  const log = (line: string) => process.stderr.write(`${terminalText(line)}\n`);
  try {
    const tunnel = await open({ log, cancelled: interrupted.signal });
    try {
      if (command) {
        const { kill, exitCode } = tunnel.run(command, env);
        running = { kill };
        process.exitCode = await exitCode;
      } else {
        process.stdout.write(tunnel.instructions);
        await aborted(interrupted.signal);
      }
    } finally {
      await tunnel.close();
    }
  } catch (error) {
    // Whatever fails because of Ctrl-C is no news.
    if (!interrupted.signal.aborted) throw error;
    process.exitCode = 130;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

void exitOnUserError(main);
