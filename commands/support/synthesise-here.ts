import { printMessages } from "../../lib/user-error";
import { writableChanges, writeCommitted } from "../../stacks/committed-files";
import { synthesise } from "../../stacks/synthesise";
import { committedLines } from "./committed";
import { anyEnvironments } from "./environments";

/**
 * Synthesises environment files for a review. Those of the working tree have committed review files, which are written too.
 * @param names environments to synthesise; all when none of them is there, as when none is named
 * @param named what to call a file in what is written, for files that are not of the working tree
 */
export function synthesiseHere(
  names: readonly string[],
  source: string,
  outdir: string,
  named?: (file: string) => string,
): void {
  const all = anyEnvironments([], source);
  const chosen = all.filter(({ name }) => names.includes(name));
  const environments = chosen.length > 0 ? chosen : all;
  const changes = named ? [] : writableChanges(environments);
  synthesise(named ? environments.map((each) => ({ ...each, file: named(each.file) })) : environments, {
    outdir,
  });
  writeCommitted(changes);
  // What was asked for is on stdout, and may be JSON.
  printMessages(committedLines(changes));
}
