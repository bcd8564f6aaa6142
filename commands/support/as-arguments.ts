import { UserError } from "../../lib/user-error";
import { type CommandLine, commandLine } from "./arguments";

/** What `npm run as` was given. */
export interface AsArguments {
  readonly identity: string;
  /** Environment on AWS. @default the laptop */
  readonly env?: string;
  /** Environment of the laptop. @default whichever runs, else the usual one */
  readonly laptop?: string;
  readonly tunnel: boolean;
  readonly readers: boolean;
  /** The small prompt is meant, whether psql is there or not; `command` then is what it is given. */
  readonly sql: boolean;
  /** A command with its own arguments, untouched. @default a shell */
  readonly command: readonly string[];
}

/** Options with a value: the next argument is none of the command's. */
const VALUES = ["env", "laptop"];

/**
 * Reads the command line; undefined when help was asked for and printed. Options stand before the command, on either side of the
 * identity; with the first argument after that which is none begins the command, and what it is given is its own.
 * @throws UserError with all that is wrong with it
 */
export function asArguments(usage: string, args: readonly string[]): AsArguments | undefined {
  const ours: string[] = [];
  const rest = [...args];
  let identity: string | undefined;
  let sql = false;
  for (;;) {
    const [next] = rest;
    if (next === "--" && identity === undefined) {
      rest.shift();
      identity = rest.shift();
      break;
    }
    // After the identity `--sql` is where the command would be.
    if (next === undefined || next === "--" || (sql && identity !== undefined)) break;
    if (next.startsWith("-") && next !== "-") {
      if (next === "--sql") sql = true;
      else ours.push(next);
      rest.shift();
      const takesNext = VALUES.some((name) => next === `--${name}`);
      if (takesNext && rest[0] !== undefined) ours.push(rest.shift() ?? "");
    } else if (identity === undefined) identity = rest.shift();
    else break;
  }
  const command = rest[0] === "--" ? rest.slice(1) : rest;
  const given = commandLine(usage, { args: ours, flags: ["tunnel", "readers"], values: VALUES });
  if (!given) return undefined;
  const problems = [
    ...(identity === undefined || identity === "" ? ["Name an identity."] : []),
    ...(rest[0] === "--" && command.length === 0 ? ["Name a command after --."] : []),
    ...conflicts(given),
  ];
  if (identity === undefined || problems.length > 0) throw new UserError(problems, usage);
  const { env, laptop } = given.values;
  return {
    identity,
    ...(env !== undefined && { env }),
    ...(laptop !== undefined && { laptop }),
    tunnel: given.flags.has("tunnel"),
    readers: given.flags.has("readers"),
    sql,
    command,
  };
}

function conflicts({ flags, values }: CommandLine): readonly string[] {
  return [
    ...(values.env !== undefined && values.laptop !== undefined
      ? ["--env is an environment on AWS, --laptop one on this machine: only one of them."]
      : []),
    ...(flags.has("tunnel") && values.env === undefined
      ? ["--tunnel leads to an environment on AWS: add --env <environment>."]
      : []),
  ];
}
