import { exitOnUserError } from "../lib/user-error";
import { chooseEnvironments, loadEnvironments } from "../model/config/load";
import { commandLine } from "./support/arguments";
import { demonstrate } from "./support/demonstrate";

const USAGE = `Usage: npm run demo
Synthesises the dev environment, starts its passwordless path on this machine (no AWS account needed), and proves who
can do what where. npm start does the same and then serves the message board.`;

exitOnUserError(async () => {
  if (!commandLine(USAGE)) return;
  const [dev] = chooseEnvironments(loadEnvironments(process.env.ENVIRONMENTS), ["dev"]);
  if (!dev) return;
  const { laptop, proven } = await demonstrate(dev);
  await laptop.stop();
  if (!proven) process.exitCode = 1;
});
