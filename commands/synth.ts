import { join } from "node:path";
import { textTable } from "../lib/table";
import { terminalText } from "../lib/terminal-text";
import { exitOnUserError } from "../lib/user-error";
import { writableChanges, writeCommitted } from "../stacks/committed-files";
import { synthesise } from "../stacks/synthesise";
import { commandLine } from "./support/arguments";
import { committedLines } from "./support/committed";
import { anyEnvironments, WHERE_ENVIRONMENTS_ARE } from "./support/environments";

const USAGE = `Usage: npm run synth [-- <environment> …]
Writes the Terraform of every environment, or of those named, to cdktf.out (or CDKTF_OUTDIR), with an access report and SQL for review.
cdktf.out then holds these alone: the folders of other stacks and reviews go, with what Terraform keeps in them; a state
in one of them stops this before anything is written.
Where an environment file says review.folder, report, plan and SQL are also written there, to be committed.
${WHERE_ENVIRONMENTS_ARE}`;

void exitOnUserError(() => {
  const given = commandLine(USAGE, { names: true });
  if (!given) return;
  const environments = anyEnvironments(given.names);
  const changes = writableChanges(environments);
  const { stacks, reviews } = synthesise(environments, { outdir: process.env.CDKTF_OUTDIR });
  writeCommitted(changes);
  const rows = stacks.map(({ id, resources, file }) => [id, String(resources).padStart(9), file]);
  process.stdout.write(`${textTable({ header: ["stack", "resources", "file"], rows })}\n`);
  for (const folder of reviews) {
    process.stdout.write(
      `${terminalText(join(folder, "access.md"))}: who can do what, with SQL and plan beside it\n`,
    );
  }
  for (const line of committedLines(changes)) process.stdout.write(`${terminalText(line)}\n`);
});
