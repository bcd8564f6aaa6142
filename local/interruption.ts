/** Signals that ask a command to end: Ctrl-C, `kill`, a closed terminal. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Resolves at the first signal that asks this process to end, so that it ends in good order. The second one ends it at
 * once; what it started notices and ends too.
 */
export function interruption(): Promise<void> {
  return new Promise((resolve) => {
    let interrupted = false;
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (interrupted) process.exit(130);
        interrupted = true;
        resolve();
      });
    }
  });
}
