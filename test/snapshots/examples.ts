import { loadEnvironments } from "../../model/config/load";
import { synthApp } from "../helpers/app";

/**
 * What is in environments/, whatever that is: people edit, add and delete files there, and then only have to run
 * `npm run snapshots`. No other folder of the tests reads them.
 */
export const EXAMPLES = loadEnvironments().map((environment) => ({
  environment,
  name: environment.name,
  stacks: synthApp(environment),
}));
