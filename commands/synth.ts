import { join } from "node:path";
import { textTable } from "../lib/table";
import { terminalText } from "../lib/terminal-text";
import { exitOnUserError } from "../lib/user-error";
import { chooseEnvironments, loadEnvironments } from "../model/config/load";
import { commandLine } from "./support/arguments";
import { synthesise } from "./support/synthesise";

const USAGE = `Usage: npm run synth [-- <environment> …]
Writes the Terraform of every environment, or of those named, to cdktf.out, with an access report and SQL for review.
ENVIRONMENTS names another folder than environments/, or files separated by commas.`;

exitOnUserError(() => {
  const given = commandLine(USAGE);
  if (!given) return;
  const environments = chooseEnvironments(loadEnvironments(process.env.ENVIRONMENTS), given.names);
  const { stacks, reviews } = synthesise(environments);
  const rows = stacks.map(({ id, resources, file }) => [id, String(resources).padStart(9), file]);
  process.stdout.write(`${textTable({ header: ["stack", "resources", "file"], rows })}\n`);
  for (const folder of reviews) {
    process.stdout.write(
      `${terminalText(join(folder, "access.md"))}: who can do what, with SQL and plan beside it\n`,
    );
  }
});
