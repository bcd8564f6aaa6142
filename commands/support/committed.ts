import { shellWord } from "../../lib/shell";
import { UserError } from "../../lib/user-error";
import type { Environment } from "../../model/config/environment";
import { type CommittedChange, committedChanges } from "../../stacks/committed-files";

/**
 * Says whether the committed review files are what the environment files make.
 * @returns a sentence for stdout when they are
 * @throws UserError with every file that is not, and the command that writes them
 */
export function checkCommitted(environments: readonly Environment[]): string {
  const changes = committedChanges(environments);
  if (changes.length > 0) {
    const source = process.env.ENVIRONMENTS;
    const command = source ? `ENVIRONMENTS=${shellWord(source)} npm run synth` : "npm run synth";
    throw new UserError([
      ...changes.map(({ path, reason }) => `${path} ${reason}`),
      `${command} writes these files; commit what it changes.`,
    ]);
  }
  const folders = environments.filter(({ review }) => review.folder !== undefined);
  return folders.length === 0
    ? "No environment file has review.folder: there are no review files to compare."
    : `The review files of ${folders.map(({ name }) => name).join(", ")} are what the environment files make.`;
}

/** What was written, a line for each file. */
export function committedLines(changes: readonly CommittedChange[]): string[] {
  return changes.map(({ path, text }) => `${path}: ${text === undefined ? "removed" : "written"}`);
}
