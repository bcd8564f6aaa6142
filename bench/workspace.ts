import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where a benchmark works, and how it learns that it should stop. */
export interface Workspace {
  /** Temporary folder, removed afterwards. */
  readonly folder: string;
  /** Aborted on Ctrl-C; whatever runs then ends at once. */
  readonly interrupted: AbortSignal;
}

/**
 * Gives `run` a temporary folder and removes it when `run` ends, fails or is interrupted; an interrupt ends the
 * process with exit code 130, as a shell expects.
 */
export async function inWorkspace(run: (workspace: Workspace) => Promise<void>): Promise<void> {
  // On macOS the temporary folder is a link, and tools that compare paths need where it leads.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "bench-")));
  const controller = new AbortController();
  const interrupt = () => controller.abort();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, interrupt);
  try {
    await run({ folder, interrupted: controller.signal });
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    process.stderr.write("\n");
    process.exitCode = 130;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
