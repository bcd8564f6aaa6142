import { run } from "./run";

/**
 * Why the cdktf CLI does not start here; undefined when it does. It says its version all the same: what may be missing is
 * the binary of its terminal for this Node.js.
 */
export function cdktfMissing(): string | undefined {
  const { status } = run(process.execPath, ["-e", 'require("@cdktf/node-pty-prebuilt-multiarch")']);
  return status === 0 ? undefined : `the cdktf CLI does not start on Node.js ${process.versions.node}`;
}
