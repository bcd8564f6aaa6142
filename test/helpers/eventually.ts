import { setTimeout as pause } from "node:timers/promises";

/** Waits until something is so; fails when it is not within 30 seconds, on however busy a machine. */
export async function eventually(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const start = Date.now(); !(await isSo()); await pause(25)) {
    if (Date.now() - start > 30_000) throw new Error(`never came true: ${isSo}`);
  }
}
