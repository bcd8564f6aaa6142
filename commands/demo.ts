import { exitOnUserError } from "../lib/user-error";
import { commandLine } from "./support/arguments";
import { demonstrate } from "./support/demonstrate";
import { oneOrUsualEnvironment, WHERE_ENVIRONMENTS_ARE } from "./support/environments";

const USAGE = `Usage: npm run demo [-- <environment>]
Synthesises an environment (dev if there is one, else the first), starts its passwordless path on this machine (no AWS
account needed), and proves who can do what where. npm start does the same and goes on running.
${WHERE_ENVIRONMENTS_ARE}`;

void exitOnUserError(async () => {
  const given = commandLine(USAGE, { names: true });
  if (!given) return;
  const { laptop, proven } = await demonstrate(oneOrUsualEnvironment(given.names, USAGE));
  await laptop.stop();
  if (!proven) process.exitCode = 1;
});
