import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformStack } from "cdktf";
import { addCustomSynthesis } from "cdktf/lib/synthesize/synthesizer";
import type { Construct } from "constructs";

/**
 * Writes a file beside the Terraform JSON of a construct's stack, whenever that is written. One for each construct.
 * @param text a function is asked when all of the stack is there
 */
export function writeBesideStack(construct: Construct, name: string, text: string | (() => string)): void {
  const stack = TerraformStack.of(construct);
  addCustomSynthesis(construct, {
    onSynthesize: ({ outdir, manifest }) =>
      writeFileSync(
        join(outdir, manifest.forStack(stack).workingDirectory, name),
        typeof text === "string" ? text : text(),
      ),
  });
}
