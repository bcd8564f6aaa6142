import { execFileSync } from "node:child_process";
import { cpSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { loadEnvironments } from "../model/config/load";
import { synthesise } from "../stacks/synthesise";
import { REPORTS, readSynthesis, reviewSides } from "../tools/review/review";
import { type Change, changes } from "./changes";
import { median } from "./measure";
import { copyProject } from "./project-copy";
import { alignedTable } from "./report";
import { runProcess } from "./run-process";
import type { Workspace } from "./workspace";

/**
 * What a review of one changed grant takes: its steps, one run each in this process, and then the whole command beside
 * `npm run synth`, twice, as whole processes in a git repository.
 */
export async function reviewTable(runs: number, workspace: Workspace): Promise<string> {
  const repository = repositoryOf(copyProject(join(workspace.folder, "repository")));
  const rows: string[][] = [];
  for (const change of changes(workspace.folder)) {
    process.stderr.write(`${change.title}: steps`);
    const steps = stepsOf(change, workspace.folder);
    const { synth, review } = await commandsOf(change, { repository, runs, workspace });
    process.stderr.write("\n");
    const seconds = [...steps, 2 * synth, review, review - 2 * synth].map((each) => each.toFixed(2));
    rows.push([change.title, ...seconds]);
  }
  const steps = ["two syntheses", "read", "compared", ...Object.keys(REPORTS)];
  const commands = ["npm run synth × 2", "npm run review", "beyond"];
  return alignedTable(1, ["one grant changed, seconds", ...steps, ...commands], rows);
}

function stepsOf({ before, after }: Change, folder: string): number[] {
  const seconds: number[] = [];
  const step = <Result>(run: () => Result): Result => {
    const begin = performance.now();
    const result = run();
    seconds.push((performance.now() - begin) / 1000);
    return result;
  };
  const outdir = (side: string) => join(folder, "synthesised", side);
  step(() => {
    synthesise(loadEnvironments(before), { outdir: outdir("before") });
    synthesise(loadEnvironments(after), { outdir: outdir("after") });
  });
  const [base, head] = step(() => [
    readSynthesis(outdir("before"), "before"),
    readSynthesis(outdir("after"), "after"),
  ]);
  const review = step(() => reviewSides(base, head));
  for (const { render } of Object.values(REPORTS)) step(() => render(review, "npm run review --"));
  return seconds;
}

/** A repository of a copy of the project, with this one's node_modules. */
function repositoryOf(folder: string): string {
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, ".gitignore"), "/node_modules\n/cdktf.out\n");
  git(folder, "init", "-q");
  return folder;
}

interface Where {
  readonly repository: string;
  readonly runs: number;
  readonly workspace: Workspace;
}

async function commandsOf(
  { before, after }: Change,
  { repository, runs, workspace }: Where,
): Promise<{ synth: number; review: number }> {
  const folder = join(repository, "changed");
  const put = (files: string) => {
    rmSync(folder, { recursive: true, force: true });
    cpSync(files, folder, { recursive: true });
  };
  put(before);
  git(repository, "add", "--all");
  git(repository, "commit", "-qm", "before");
  put(after);
  const times = { synth: [] as number[], review: [] as number[] };
  for (let run = 0; run <= runs; run++) {
    process.stderr.write(run === 0 ? ", warm-up" : `, run ${run} of ${runs}`);
    const timed = async (line: string) =>
      (await runProcess({ line, folder: repository, variables: { ENVIRONMENTS: "changed" } }, workspace))
        .seconds;
    const synth = await timed("node run.js commands/synth.ts");
    // It asks for approval, by exit code 2.
    const review = await timed("node run.js commands/review.ts --base HEAD; test $? -eq 2");
    if (run === 0) continue;
    times.synth.push(synth);
    times.review.push(review);
  }
  return { synth: median(times.synth), review: median(times.review) };
}

function git(folder: string, ...args: readonly string[]): void {
  const who = ["-c", "user.name=bench", "-c", "user.email=bench@example.com"];
  execFileSync("git", [...who, ...args], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
}
