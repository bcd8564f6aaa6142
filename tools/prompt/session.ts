import { Client, DatabaseError } from "pg";
import { terminalText } from "../../lib/terminal-text";
import { errorCode } from "../../lib/user-error";
import { shownMessage, shownResult } from "./show";

/** Whom to connect as, and to what. */
export interface PromptConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** Certificates to verify the server by, PEM. @default no TLS */
  readonly ca?: string;
  /** Called when the server asks for one. */
  password(): Promise<string>;
}

/** Where what is typed comes from, and what is shown goes to. */
export interface PromptStreams {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WritableStream;
  readonly errors: NodeJS.WritableStream;
}

/** A session that statements are run in. */
export interface PromptSession {
  readonly database: string;
  /** Runs one or more statements and shows what comes of them; false when the server refused one. */
  run(statements: string): Promise<boolean>;
  /** Whether the server is gone. */
  lost(): boolean;
  /** Called when the server has gone. */
  onLost(call: () => void): void;
  /** Asks the server to end what runs. */
  cancel(): void;
  end(): Promise<void>;
}

function clientOf({ host, port, user, database, ca, password }: PromptConnection): Client {
  return new Client({
    host,
    port,
    user,
    database,
    ssl: ca === undefined ? false : { ca },
    password,
    application_name: "as",
    connectionTimeoutMillis: 15_000,
    // What the server writes is shown as it is.
    types: { getTypeParser: () => String },
  });
}

/** Connects; undefined when that is refused, which is shown then. */
export async function openSession(
  connection: PromptConnection,
  { output, errors }: PromptStreams,
): Promise<PromptSession | undefined> {
  const client = clientOf(connection);
  let lost = false;
  const onLost: (() => void)[] = [];
  const end = () => {
    lost = true;
    for (const call of onLost) call();
  };
  client.on("error", end);
  client.on("end", end);
  client.on("notice", (notice) => errors.write(`${shownMessage(notice)}\n`));
  try {
    await client.connect();
  } catch (error) {
    errors.write(`connection to ${connection.host}:${connection.port} failed: ${shownError(error)}\n`);
    return undefined;
  }
  return {
    database: connection.database,
    lost: () => lost,
    onLost: (call) => onLost.push(call),
    run: async (statements) => {
      try {
        const answer = await client.query<(string | null)[]>({ text: statements, rowMode: "array" });
        for (const result of resultsOf(answer)) {
          const shown = shownResult(result);
          if (shown !== "") output.write(`${shown}\n`);
        }
        return true;
      } catch (error) {
        errors.write(`${shownError(error, statements)}\n`);
        lost ||= endsSession(error);
        return false;
      }
    },
    cancel: () => void cancel(client, connection),
    end: () => client.end().catch(() => undefined),
  };
}

/** Several statements have several results, which the types of `pg` do not say. */
function resultsOf<Result>(answer: Result | Result[]): readonly Result[] {
  return Array.isArray(answer) ? answer : [answer];
}

/** Whoever runs a statement may end it: by a session of their own. */
async function cancel(running: Client, connection: PromptConnection): Promise<void> {
  const pid = Number(Object(running).processID);
  const other = clientOf(connection);
  other.on("error", () => undefined);
  try {
    await other.connect();
    await other.query("SELECT pg_catalog.pg_cancel_backend($1)", [pid]);
  } catch {
    // Where there is no second session, the statement goes on.
  } finally {
    await other.end().catch(() => undefined);
  }
}

/** What is no answer of the server to a statement, or its last one: it was told to end the session. */
function endsSession(error: unknown): boolean {
  return !(error instanceof DatabaseError) || /^(57P0[1-5]|08)/.test(error.code ?? "");
}

function shownError(error: unknown, statement?: string): string {
  if (error instanceof DatabaseError) return shownMessage(error, statement);
  const { message } = Object(error);
  return terminalText(String(message || errorCode(error)));
}
