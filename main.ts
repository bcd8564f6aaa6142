import { loadEnvironments } from "./config/load";
import { exitOnUserError } from "./config/problem";
import { environmentsApp } from "./stacks/environment-stacks";

/** The app that `cdktf` runs: every environment file becomes its stacks. */
exitOnUserError(() => {
  const environments = loadEnvironments(process.env.ENVIRONMENTS);
  environmentsApp(environments).synth();
});
