import { join } from "node:path";
import { privateFolder } from "../../lib/private-folder";
import type { Environment } from "../../model/config/environment";
import { readStack, synthesise } from "../../stacks/synthesise";
import { type Laptop, startLaptop } from "../../tools/laptop/laptop";

/**
 * Starts a laptop for one command: without the proof, and with a synthesis of its own, since that in cdktf.out may be of more
 * environments. Nothing of it is left.
 */
export async function ownLaptop(environment: Environment): Promise<Laptop> {
  const folder = privateFolder("as");
  try {
    const synthesised = synthesise([environment], { outdir: join(folder.path, "cdktf.out") });
    return await startLaptop(
      environment,
      (layer) => readStack(synthesised, `${environment.name}-${layer}`),
      () => undefined,
    );
  } finally {
    await folder.remove();
  }
}
