import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { terminalText } from "../lib/terminal-text";
import { exitOnUserError, printMessages, UserError } from "../lib/user-error";
import { writableChanges, writeCommitted } from "../stacks/committed-files";
import { synthesise } from "../stacks/synthesise";
import { readSynthesis, reviewSides, textReport } from "../tools/review/review";
import { commandLine } from "./support/arguments";
import { checkCommitted, committedLines } from "./support/committed";
import { anyEnvironments, WHERE_ENVIRONMENTS_ARE } from "./support/environments";

const USAGE = `Usage: npm run review [-- <environment> … --base <folder>]
       npm run review -- --check
Says what a change does to access and infrastructure, and whether somebody has to approve it.
Exits 0 when there is nothing to approve, 2 when there is, 1 when it cannot say.
Where an environment file says review.folder, report, plan and SQL are also written there, to be committed. --check writes
nothing, and exits 1 when what is there is not what the environment files make.
${WHERE_ENVIRONMENTS_ARE}`;

void exitOnUserError(() => {
  const given = commandLine(USAGE, { names: true, flags: ["check"], values: ["base", "approve"] });
  if (!given) return;
  const { base, approve } = given.values;
  const environments = anyEnvironments(given.names);
  if (given.flags.has("check")) {
    process.stdout.write(`${terminalText(checkCommitted(environments))}\n`);
    return;
  }
  if (base === undefined) throw new UserError(["--base is needed: a folder that npm run synth wrote"], USAGE);
  const changes = writableChanges(environments);
  const outdir = mkdtempSync(join(tmpdir(), "review-"));
  try {
    synthesise(environments, { outdir });
    writeCommitted(changes);
    // What was asked for is on stdout, and may be JSON.
    printMessages(committedLines(changes));
    const head = readSynthesis(outdir, "working tree");
    const review = reviewSides(readSynthesis(base, base), head, { names: given.names, approved: approve });
    process.stdout.write(`${textReport(review)}\n`);
    if (review.outcome === "approval needed") process.exitCode = 2;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
});
