import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Cost, runProcess } from "./run-process";
import type { Workload } from "./workloads";
import type { Workspace } from "./workspace";

/** A way of running the app on a workload. */
export interface Subject {
  /** What tells it from the other subjects of its workload. */
  readonly way: string;
  /** Shell command, as `app` in cdktf.json. */
  readonly app: string;
  /** Folder it runs in. */
  readonly folder: string;
  readonly workload: Workload;
}

/** What a subject takes: medians of its runs, and the extremes of their time. */
export interface Measurement extends Cost {
  readonly subject: Subject;
  readonly fastest: number;
  readonly slowest: number;
  /** Resources in the Terraform it writes. */
  readonly resources: number;
  /** What each run took. */
  readonly runs: readonly Cost[];
}

interface Run extends Cost {
  readonly resources: number;
}

/**
 * Runs every subject once to warm the machine's caches and then `runs` times, as whole processes. Subjects take
 * turns, so that a busy moment of the machine falls on all of them.
 * @throws Error when one fails, or writes another number of resources than the others of its workload
 */
export async function measure(
  subjects: readonly Subject[],
  runs: number,
  workspace: Workspace,
): Promise<Measurement[]> {
  const rounds: Run[][] = [];
  for (let round = 0; round <= runs; round++) {
    process.stderr.write(round === 0 ? "warm-up" : `, run ${round} of ${runs}`);
    const taken: Run[] = [];
    for (const subject of subjects) taken.push(await synthesise(subject, workspace));
    if (round > 0) rounds.push(taken);
  }
  process.stderr.write("\n");
  const measurements = subjects.map((subject, index) =>
    summary(
      subject,
      rounds.flatMap((round) => round[index] ?? []),
    ),
  );
  refuseDifferences(measurements);
  return measurements;
}

async function synthesise({ app, folder, workload }: Subject, workspace: Workspace): Promise<Run> {
  const out = join(workspace.folder, "cdktf.out");
  rmSync(out, { recursive: true, force: true });
  const variables = { ENVIRONMENTS: workload.file, CDKTF_OUTDIR: out };
  const cost = await runProcess({ line: app, folder, variables }, workspace);
  return { ...cost, resources: countResources(join(out, "stacks")) };
}

function countResources(stacks: string): number {
  if (!existsSync(stacks)) return 0;
  return readdirSync(stacks).reduce((sum, stack) => {
    const text = readFileSync(join(stacks, stack, "cdk.tf.json"), "utf8");
    const { resource = {} }: { resource?: Record<string, object> } = JSON.parse(text);
    return sum + Object.values(resource).reduce((count, byName) => count + Object.keys(byName).length, 0);
  }, 0);
}

function summary(subject: Subject, runs: readonly Run[]): Measurement {
  const seconds = runs.map((run) => run.seconds);
  return {
    subject,
    runs,
    seconds: median(seconds),
    cpuSeconds: median(runs.map((run) => run.cpuSeconds)),
    fastest: Math.min(...seconds),
    slowest: Math.max(...seconds),
    megabytes: median(runs.map((run) => run.megabytes)),
    resources: median(runs.map((run) => run.resources)),
  };
}

/** A way that writes something else is not another way of doing the same. */
function refuseDifferences(measurements: readonly Measurement[]): void {
  for (const { subject, resources } of measurements) {
    const first = measurements.find((other) => other.subject.workload === subject.workload);
    if (first && first.resources !== resources) {
      throw new Error(
        `${subject.workload.title}: ${subject.way} writes ${resources} resources, ${first.subject.way} ${first.resources}`,
      );
    }
  }
}

/** The smallest of some values that so large a part of them is not above: 0.95 is p95. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.ceil(part * sorted.length) - 1] ?? Number.NaN;
}

/** The middle one of some values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}
