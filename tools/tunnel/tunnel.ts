import { terminalLines } from "../../lib/terminal-text";
import { UserError } from "../../lib/user-error";
import { noReaderEndpoint } from "../../model/config/database/reader-endpoint";
import type { Environment } from "../../model/config/environment";
import { awsCli, checkAccount, checkPlugin } from "../deployed/aws-cli";
import { readOutputs } from "../deployed/outputs";
import { neededLayers, route } from "./destinations";
import { instructions, tunnelVariables } from "./instructions";
import { type OpenRouteOptions, openRoute } from "./open-route";
import { checkCommand, type RunningCommand, runCommand } from "./run-command";

/** Options for {@link openTunnel}. */
export interface TunnelOptions extends OpenRouteOptions {
  /** A command that is to run in it: that there is none of that name is said before anything is opened. @default none */
  readonly command?: readonly string[];
  /** It leads to the database's readers as well. @default false */
  readonly readers?: boolean;
}

/** An open tunnel. */
export interface Tunnel {
  /** What to do with it, for people; safe for a terminal. */
  readonly instructions: string;
  /** Runs a command in this terminal, with these variables and those by which it goes through the tunnel. */
  run(command: readonly string[], env: Readonly<Record<string, string | undefined>>): RunningCommand;
  /** Ends every connection, session and process of it. */
  close(): Promise<void>;
}

/**
 * Opens a way to an environment's private endpoints through its bastion.
 * @throws UserError with what is missing: in the file, on this machine, in the account, or on the way
 */
export async function openTunnel(environment: Environment, options: TunnelOptions): Promise<Tunnel> {
  const { name, file, database } = environment;
  if (!database.bastion) {
    throw new UserError([
      `${file} has database.bastion: false; set it to true and run \`npx cdktf deploy ${name}-database\`, or run this inside the VPC`,
    ]);
  }
  const { readers = false } = options;
  const none = readers ? noReaderEndpoint(database) : undefined;
  if (none !== undefined) throw new UserError([`${file}: ${none}; leave out --readers`]);
  if (options.command) checkCommand(options.command);
  const aws = awsCli(options.cancelled);
  await checkAccount(aws, environment);
  await checkPlugin();
  const way = route(environment, await readOutputs(environment, neededLayers(environment), aws), readers);
  options.log(`opening the tunnel through ${way.bastion} …`);
  const close = await openRoute(way, options);
  return {
    instructions: terminalLines(instructions(environment, way, options.port)),
    run: (command, env) =>
      runCommand(command, { ...env, ...tunnelVariables(way, options.port, env.PGOPTIONS) }),
    close,
  };
}
