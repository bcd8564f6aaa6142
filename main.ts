import { App } from "cdktf";
import { loadEnvironments } from "./config/load";
import { exitOnUserError } from "./config/problem";
import { addEnvironment } from "./stacks/environment-stacks";
import { skipCreationStacks } from "./stacks/skip-creation-stacks";

/** The app that `cdktf` runs: every environment file becomes its stacks. */
exitOnUserError(() => {
  const environments = loadEnvironments(process.env.ENVIRONMENTS);
  skipCreationStacks();
  const app = new App();
  for (const environment of environments) addEnvironment(app, environment);
  app.synth();
});
