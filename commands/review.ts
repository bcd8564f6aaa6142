import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exitOnUserError, UserError } from "../lib/user-error";
import { synthesise } from "../stacks/synthesise";
import { readSynthesis, reviewSides, textReport } from "../tools/review/review";
import { commandLine } from "./support/arguments";
import { anyEnvironments, WHERE_ENVIRONMENTS_ARE } from "./support/environments";

const USAGE = `Usage: npm run review [-- <environment> … --base <folder>]
Says what a change does to access and infrastructure, and whether somebody has to approve it.
Exits 0 when there is nothing to approve, 2 when there is, 1 when it cannot say.
${WHERE_ENVIRONMENTS_ARE}`;

void exitOnUserError(() => {
  const given = commandLine(USAGE, { names: true, values: ["base", "approve"] });
  if (!given) return;
  const { base, approve } = given.values;
  const environments = anyEnvironments(given.names);
  if (base === undefined) throw new UserError(["--base is needed: a folder that npm run synth wrote"], USAGE);
  const outdir = mkdtempSync(join(tmpdir(), "review-"));
  try {
    synthesise(environments, { outdir });
    const head = readSynthesis(outdir, "working tree");
    const review = reviewSides(readSynthesis(base, base), head, { names: given.names, approved: approve });
    process.stdout.write(`${textReport(review)}\n`);
    if (review.outcome === "approval needed") process.exitCode = 2;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
});
