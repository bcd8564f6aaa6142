import { createInterface } from "node:readline";
import type { PromptSession, PromptStreams } from "./session";
import { Statements } from "./statements";

const HELP = `Statements end with ; and may take several lines. Ctrl-C drops what is typed, or ends the statement that runs.
\\q or Ctrl-D ends this. psql knows more, where it is installed.
`;

/** Runs what somebody types in a terminal, until they leave or the server goes. */
export async function converse(session: PromptSession, { input, output }: PromptStreams): Promise<void> {
  const statements = new Statements();
  const reader = createInterface({ input, output, terminal: true });
  let running = false;
  const ask = () => {
    reader.setPrompt(`${session.database}${statements.empty ? "=>" : "->"} `);
    reader.prompt();
  };
  reader.on("SIGINT", () => {
    if (running) return session.cancel();
    statements.take();
    reader.write(null, { ctrl: true, name: "e" });
    reader.write(null, { ctrl: true, name: "u" });
    output.write("\n");
    ask();
  });
  session.onLost(() => reader.close());
  output.write(`${HELP}`);
  ask();
  for await (const line of reader) {
    if (statements.empty && /^\s*\\/.test(line)) {
      if (/^\s*\\q\s*$/.test(line)) break;
      output.write(HELP);
      ask();
      continue;
    }
    running = true;
    for (const statement of statements.add(`${line}\n`)) {
      if (session.lost()) break;
      await session.run(statement);
    }
    running = false;
    if (session.lost()) break;
    ask();
  }
  reader.close();
  if (!session.lost()) output.write("\n");
}
