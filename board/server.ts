// The message board: node server.js. What it needs to know is in its environment (see README.md).
import { readFileSync } from "node:fs";
import { startBoard } from "./board";
import { errorFields, jsonLog } from "./log";
import { readSettings } from "./settings";

/** How long Kubernetes and its load balancers may take to notice that a pod ends. */
const GRACE_MS = 5_000;

async function main(): Promise<void> {
  const read = readSettings(process.env, (path) => readFileSync(path, "utf8"));
  if ("problems" in read) {
    process.stderr.write(`${read.problems.join("\n")}\n`);
    process.exit(1);
  }
  const log = jsonLog((line) => process.stdout.write(line));
  const starting = startBoard(read.settings, log);
  // Before it says that it listens: a signal that nobody handles would end it at once, or as PID 1 do nothing at all.
  let stopping = false;
  for (const [signal, grace] of [
    ["SIGTERM", GRACE_MS],
    // From a terminal, where nobody needs time to notice.
    ["SIGINT", 0],
  ] as const) {
    process.on(signal, async () => {
      // Whoever asks a second time does not want to wait.
      if (stopping) process.exit(130);
      stopping = true;
      const board = await starting;
      await board.stop(grace);
      process.exit(0);
    });
  }
  try {
    await starting;
  } catch (error) {
    const { port } = read.settings;
    const { code, error: message } = errorFields(error);
    process.stderr.write(
      code === "EADDRINUSE"
        ? `Port ${port} is taken by another program; set PORT to another one.\n`
        : `The board cannot be served on port ${port}: ${message}.\n`,
    );
    process.exit(1);
  }
}

void main();
