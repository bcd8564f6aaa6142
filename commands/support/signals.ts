import { isatty } from "node:tty";
import type { RunningCommand } from "../../lib/run-command";

/**
 * Calls back for each signal that asks this process to end: Ctrl-C, `kill`, a closed terminal. npm passes a terminal's
 * Ctrl-C on to a process that has got it already, so signals within an instant count once.
 */
export function onSignals(callback: (signal: NodeJS.Signals, count: number) => void): void {
  let count = 0;
  let last = -Infinity;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (performance.now() - last < 200) return;
      last = performance.now();
      count += 1;
      callback(signal, count);
    });
  }
}

/**
 * Resolves at the first signal, so that a command ends in good order. The second one ends it at once; what it started
 * notices and ends too.
 */
export function interruption(): Promise<void> {
  return new Promise((resolve) => {
    onSignals((_, count) => {
      if (count > 1) process.exit(130);
      resolve();
    });
  });
}

/**
 * Leaves signals to a command in this terminal, which may be a shell or psql, where Ctrl-C ends nothing: the terminal has sent
 * it there as well. What else asks this process to end is passed on, and the second time nothing can refuse it.
 */
export function leaveSignalsTo(command: Pick<RunningCommand, "kill">): void {
  const inTerminal = [0, 1, 2].some((descriptor) => isatty(descriptor));
  let asked = 0;
  onSignals((signal) => {
    if (signal === "SIGINT" && inTerminal) return;
    asked += 1;
    command.kill(asked > 1 ? "SIGKILL" : signal);
  });
  // Ctrl-\ of a terminal: the same.
  if (inTerminal) process.on("SIGQUIT", () => undefined);
}
