import { anyEnvironments } from "./commands/support/environments";
import { exitOnUserError } from "./lib/user-error";
import { synthesise } from "./stacks/synthesise";

/** The app that `cdktf` runs: every environment file becomes its stacks. */
void exitOnUserError(() => {
  // The cdktf CLI, which sets this variable, removes the folders of other stacks itself, and fails when they are gone.
  const stacksGoLater = process.env.CDKTF_CONTEXT_JSON !== undefined;
  synthesise(anyEnvironments(), { outdir: process.env.CDKTF_OUTDIR, stacksGoLater });
});
