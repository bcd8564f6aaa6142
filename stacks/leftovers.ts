import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../lib/user-error";

/** Folders of the output that hold one for each stack or environment, and the files by which to know that it is ours. */
const KINDS = {
  stacks: ["cdk.tf.json", "cdk.tf"],
  review: ["access-plan.json"],
} as const;

/**
 * Removes what earlier syntheses wrote and this one did not, and whatever Terraform keeps there, as the cdktf CLI does.
 * A folder that no synthesis wrote stays.
 * @param written names of what this one wrote
 */
export function removeLeftovers(outdir: string, kind: keyof typeof KINDS, written: readonly string[]): void {
  for (const folder of otherFolders(join(outdir, kind), written)) {
    const ours = KINDS[kind].some((file) => existsSync(join(folder, file)));
    if (ours) rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * States are kept elsewhere, but a state that Terraform cannot write there it leaves in the stack's folder, as
 * errored.tfstate, and that may be the only record of what exists. The cdktf CLI would remove it after the synthesis
 * without a word, so this comes before.
 * @param written ids of the stacks that this synthesis is about to write
 * @throws UserError for each folder with a state that would go
 */
export function refuseToLoseState(outdir: string, written: readonly string[]): void {
  const messages = otherFolders(join(outdir, "stacks"), written).flatMap((folder) => {
    const states = readdirSync(folder).filter((name) => name.includes(".tfstate"));
    if (states.length === 0) return [];
    return [
      `${folder} is of no stack that is synthesised now and would be removed, but it holds ${states.join(", ")}: push that state (terraform state push), or move it out of there`,
    ];
  });
  if (messages.length > 0) throw new UserError(messages);
}

function otherFolders(parent: string, written: readonly string[]): string[] {
  if (!existsSync(parent)) return [];
  return readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !written.includes(entry.name))
    .map(({ name }) => join(parent, name));
}
