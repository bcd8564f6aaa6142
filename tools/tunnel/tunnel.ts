import { checkCommand, type RunningCommand, runCommand } from "../../lib/run-command";
import { terminalLines } from "../../lib/terminal-text";
import { UserError } from "../../lib/user-error";
import { hasReaderEndpoint, noReaderEndpoint } from "../../model/config/database/reader-endpoint";
import type { Environment } from "../../model/config/environment";
import { awsCli, checkAccount, checkPlugin } from "../deployed/aws-cli";
import { readOutputs } from "../deployed/outputs";
import { type Destination, neededLayers, route } from "./destinations";
import { instructions, tunnelVariables } from "./instructions";
import { loginInstructions, loginVariables, type TunnelLogin } from "./login-instructions";
import { type LoginEndpoint, type LoginPorts, openLoginPorts } from "./login-port";
import { type OpenRoute, type OpenRouteOptions, openRoute, PORTS } from "./open-route";

export { PORTS, type TunnelLogin };

/** Options for {@link openTunnel}. */
export interface TunnelOptions extends Omit<OpenRouteOptions, "login"> {
  /** A command that is to run in it: that there is none of that name is said before anything is opened. @default none */
  readonly command?: readonly string[];
  /** It leads to the database's readers as well. @default false */
  readonly readers?: boolean;
  /** Whom tools log in as. @default nobody: clients sign in for themselves */
  readonly login?: TunnelLogin;
}

/** Environment variables. */
type Variables = Readonly<Record<string, string | undefined>>;

/** An open tunnel. */
export interface Tunnel {
  /** What to do with it, for people; safe for a terminal. */
  readonly instructions: string;
  /** These variables, and those by which a command goes through the tunnel or, with a login, logs in by its port. */
  variables(env: Variables): Variables;
  /** Runs a command in this terminal, with the same. */
  run(command: readonly string[], env: Variables): RunningCommand;
  /** Ends every connection, session and process of it. */
  close(): Promise<void>;
}

/**
 * Opens a way to an environment's private endpoints through its bastion.
 * @throws UserError with what is missing: in the file, on this machine, in the account, or on the way
 */
export async function openTunnel(environment: Environment, options: TunnelOptions): Promise<Tunnel> {
  const { file, database } = environment;
  checkBastion(environment);
  const { readers = false, login, port } = options;
  const none = readers ? noReaderEndpoint(database) : undefined;
  if (none !== undefined) throw new UserError([`${file}: ${none}; leave out --readers`]);
  if (options.command) checkCommand(options.command, "to run in the tunnel");
  const aws = awsCli(options.cancelled);
  await checkAccount(aws, environment);
  await checkPlugin();
  const layers = port === undefined ? (["database"] as const) : neededLayers(environment);
  const outputs = await readOutputs(environment, layers, aws);
  const all = route(environment, outputs, readers || (login !== undefined && hasReaderEndpoint(database)));
  const way = { ...all, destinations: wanted(all.destinations, options) };
  options.log(`opening the tunnel through ${way.bastion} …`);
  const { login: ports, close } = await openRoute(way, options);
  const opened = login && ports && loginTunnel(login, { ...ports, close });
  if (port === undefined) {
    if (!opened) throw new Error("a tunnel has a port, or somebody to log in");
    return opened;
  }
  return {
    ...(opened ?? ofVariables((env) => ({ ...env, ...tunnelVariables(way, port, env.PGOPTIONS) }))),
    instructions: terminalLines(instructions(environment, way, port, opened?.instructions)),
    close,
  };
}

/**
 * Opens a way to an environment's private database for this process and no other: without a port.
 * @throws UserError with what is missing, as for a tunnel
 */
export async function openWay(
  environment: Environment,
  options: Omit<OpenRouteOptions, "port" | "login">,
): Promise<Pick<OpenRoute, "connect" | "close">> {
  checkBastion(environment);
  const aws = awsCli(options.cancelled);
  await checkAccount(aws, environment);
  await checkPlugin();
  const way = route(environment, await readOutputs(environment, ["database"], aws));
  options.log(`opening the tunnel through ${way.bastion} …`);
  return openRoute(way, options);
}

function checkBastion({ name, file, database }: Environment): void {
  if (database.bastion) return;
  throw new UserError([
    `${file} has database.bastion: false; set it to true and run \`npx cdktf deploy ${name}-database\`, or run this inside the VPC`,
  ]);
}

/**
 * Opens the ports that log in alone, to a database that this machine reaches by itself, as it does its laptop.
 * @throws UserError when a port cannot be had
 */
export async function openLogin(
  login: TunnelLogin,
  { command, port, log }: Pick<TunnelOptions, "command" | "port" | "log">,
): Promise<Tunnel> {
  if (command) checkCommand(command, "to run by it");
  const ports = await openLoginPorts(login, { log, ...(port !== undefined && { port: port + PORTS.login }) });
  return loginTunnel(login, ports);
}

function loginTunnel(login: TunnelLogin, ports: LoginPorts): Tunnel {
  return {
    ...ofVariables((env) => ({ ...env, ...loginVariables(login, ports) })),
    instructions: terminalLines(loginInstructions(login, ports)),
    close: ports.close,
  };
}

function ofVariables(variables: Tunnel["variables"]): Pick<Tunnel, "variables" | "run"> {
  return { variables, run: (command, env) => runCommand(command, variables(env)) };
}

/**
 * The destinations that are asked for, and those of whoever is to log in.
 * @throws UserError when the bastion does not lead there
 */
function wanted(
  destinations: readonly Destination[],
  { login, port, readers = false }: TunnelOptions,
): readonly Destination[] {
  const isOneOf = (ends: readonly LoginEndpoint[], { host, port: at }: LoginEndpoint) =>
    ends.some((end) => end.host === host && end.port === at);
  const ends = login ? [login.endpoint, ...(login.reader ? [login.reader] : [])] : [];
  const unreached = ends.filter((end) => !isOneOf(destinations, end));
  if (login && unreached.length > 0) {
    throw new UserError(
      unreached.map(
        ({ host }) =>
          `${login.name} connects to ${host}, an RDS Proxy, which the bastion does not lead to; log in from inside the VPC`,
      ),
    );
  }
  return destinations.filter(
    (each) => isOneOf(ends, each) || (port !== undefined && (readers || each.name !== "readers")),
  );
}
