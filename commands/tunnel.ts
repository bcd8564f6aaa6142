import { terminalText } from "../lib/terminal-text";
import { exitOnUserError, UserError } from "../lib/user-error";
import { openTunnel } from "../tools/tunnel/tunnel";
import { commandLine, wholeNumber } from "./support/arguments";
import { oneEnvironment, WHERE_ENVIRONMENTS_ARE } from "./support/environments";
import { onSignals } from "./support/signals";

const USAGE = `Usage: npm run tunnel -- <environment> [--port N] [--timeout N] [--readers] [-- <command> …]
Reaches the environment's private database, and its Kubernetes API when that is private, through the bastion: opens
Session Manager port forwards and serves them as a SOCKS5 proxy on 127.0.0.1, for just these hosts. Until Ctrl-C, or
until the command ends, which runs with ALL_PROXY and KUBE_PROXY_URL set.

  --port N     port of the proxy; the one after it leads straight to the database; default 1080
  --readers    to the database's readers as well; the second port after the proxy's leads straight to them
  --timeout N  seconds each destination may take to answer; default 60

It needs the AWS CLI with its Session Manager plugin, credentials of the environment's account, and its stacks deployed.
docs/private-access.md says what to do with it, and which permissions it takes.
${WHERE_ENVIRONMENTS_ARE}`;

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const separator = args.indexOf("--");
  const command = separator < 0 ? undefined : args.slice(separator + 1);
  const given = commandLine(USAGE, {
    names: true,
    flags: ["readers"],
    values: ["port", "timeout"],
    args: command ? args.slice(0, separator) : args,
  });
  if (!given) return;
  if (command?.length === 0) throw new UserError(["Name a command after --."], USAGE);
  const readers = given.flags.has("readers");
  // The database has the port after it, and readers the next.
  const port = wholeNumber("--port", given.values.port ?? "1080", 1, readers ? 65533 : 65534);
  const timeoutMs = wholeNumber("--timeout", given.values.timeout ?? "60", 1, 3600) * 1000;
  const environment = oneEnvironment(given.names, USAGE);

  const interrupted = new AbortController();
  let running: { kill(signal: NodeJS.Signals): void } | undefined;
  onSignals((signal, count) => {
    // Ctrl-C reaches the command too, and what it then does may need the tunnel: Terraform saves its state.
    if (running && signal === "SIGINT" && count <= 2) return;
    if (running && count === 1) running.kill(signal);
    else if (count > 1) process.exit(130);
    else interrupted.abort();
  });

  const say = (line: string) => process.stderr.write(`${terminalText(line)}\n`);
  try {
    const tunnel = await openTunnel(environment, {
      port,
      timeoutMs,
      log: say,
      cancelled: interrupted.signal,
      readers,
      ...(command && { command }),
    });
    try {
      if (command) {
        const { kill, exitCode } = tunnel.run(command, process.env);
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
