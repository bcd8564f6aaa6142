import { exitOnUserError } from "./lib/user-error";
import { loadEnvironments } from "./model/config/load";
import { environmentsApp } from "./stacks/environment-stacks";

/** The app that `cdktf` runs: every environment file becomes its stacks. */
exitOnUserError(() => {
  const environments = loadEnvironments(process.env.ENVIRONMENTS);
  environmentsApp(environments).synth();
});
