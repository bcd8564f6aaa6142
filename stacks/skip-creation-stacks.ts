/**
 * Stops cdktf from recording, for every token, the stack trace of its creation. Only the texts of its own errors read
 * them, and they take a third of the time of a synthesis with 1,000 services (`npm run bench`); cdktf has no option for it.
 * The function is private to cdktf: where a later version has moved it, synthesis is slower and otherwise the same.
 */
export function skipCreationStacks(): void {
  try {
    const module: { captureStackTrace?: unknown } = require("cdktf/lib/tokens/private/stack-trace");
    if (module.captureStackTrace) module.captureStackTrace = () => [];
  } catch {
    // Not there: nothing to skip.
  }
}
