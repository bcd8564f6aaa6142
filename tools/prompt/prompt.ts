import { text } from "node:stream/consumers";
import { UserError } from "../../lib/user-error";
import { converse } from "./converse";
import { openSession, type PromptConnection, type PromptSession, type PromptStreams } from "./session";
import { Statements } from "./statements";

/** Exit codes, which are psql's. */
const CODES = { done: 0, refused: 1, lost: 2, script: 3 } as const;

const USAGE =
  'this small prompt takes -c "statement" alone, statements from its input, or a terminal; psql takes more, where it is installed';

/**
 * A small psql, where there is none: runs the statements of each `-c`, of its input up to the first that is refused, or those
 * that somebody types.
 * @param given the statements of `-c`. @default those of its input
 * @returns the exit code, as psql's: 0, 1 when a `-c` was refused, 2 when there is no connection, 3 when the input's was
 */
export async function runPrompt(
  connection: PromptConnection,
  given: readonly string[],
  streams: PromptStreams,
): Promise<number> {
  const { input } = streams;
  const session = await openSession(connection, streams);
  if (!session) return CODES.lost;
  try {
    if (given.length > 0) return await inTurn(session, given, CODES.refused);
    if (input.isTTY) {
      await converse(session, streams);
      return session.lost() ? CODES.lost : CODES.done;
    }
    const statements = new Statements();
    const complete = statements.add(await text(input));
    const rest = statements.take();
    return await inTurn(session, rest === "" ? complete : [...complete, rest], CODES.script);
  } finally {
    await session.end();
  }
}

/**
 * What the prompt is given: `-c`, as often as one likes.
 * @throws UserError when it is anything else
 */
export function promptCommands(args: readonly string[]): readonly string[] {
  const commands: string[] = [];
  for (let index = 0; index < args.length; index += 2) {
    const [option, command] = args.slice(index, index + 2);
    if (command === undefined || (option !== "-c" && option !== "--command")) throw new UserError([USAGE]);
    commands.push(command);
  }
  return commands;
}

async function inTurn(session: PromptSession, all: readonly string[], refused: number): Promise<number> {
  for (const each of all) {
    if (await session.run(each)) continue;
    return session.lost() ? CODES.lost : refused;
  }
  return CODES.done;
}
