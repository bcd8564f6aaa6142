import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commandLine, wholeNumber } from "../commands/support/arguments";
import { textTable } from "../lib/table";
import { exitOnUserError } from "../lib/user-error";
import { accessCosts } from "./access";
import { boardRates } from "./board";
import { installTools } from "./install-tools";
import { loginTable } from "./logins";
import { measure, type Subject } from "./measure";
import { copyProject, copyStockProject } from "./project-copy";
import { comparisonTable, growthTable, machine, targetTable } from "./report";
import { reviewTable } from "./review";
import { RUNNERS, STOCK } from "./runners";
import { devEnvironment, everyKind, LOADING, manyServices, type Workload } from "./workloads";
import { inWorkspace, type Workspace } from "./workspace";

const USAGE = `Usage: npm run bench [-- [--runners | --review | --access | --logins] [--runs N]]
Measures the app of cdktf.json, as a multiple of what require("cdktf") takes, and beside the stock cdktf way: ts-node and
imports of whole provider packages. Then what the access plan of 1,000 identities costs to render, to apply and to verify,
what logins take, with tokens and through what plays RDS Proxy, what the message board serves, and what a review of one
changed grant takes.
  --runners  compares ways of running TypeScript instead, on the project's own sources
  --review   measures reviews only
  --access   measures the access plans only
  --logins   measures logins only: by password, by token, by one token for all, and through what plays RDS Proxy
  --runs N   runs of each, after one to warm up; medians are printed (default 5)`;

/** The app as cdktf.json runs it. */
function ours(workload: Workload): Subject {
  const { app }: { app: string } = JSON.parse(readFileSync("cdktf.json", "utf8"));
  return { way: "ours", app, folder: ".", workload };
}

/** What every way of running it begins with. */
const YARDSTICK: Subject = { way: "", app: `node -e 'require("cdktf")'`, folder: ".", workload: LOADING };

/** Ours beside stock for what has a target, and how ours grows with the services. */
async function compareWithStock(runs: number, workspace: Workspace): Promise<void> {
  const sizes = [250, 500, 1000, 2000].map((services) => manyServices(services, workspace.folder));
  const dev = devEnvironment();
  const workloads = [dev, ...sizes, everyKind(1000, workspace.folder)];
  const skipped = installTools(workspace.folder);
  const folder = copyStockProject(join(workspace.folder, "stock"));
  const subjects = workloads.flatMap((workload) => {
    const stock = { way: "stock cdktf", app: STOCK, folder, workload };
    return workload.target && !skipped ? [ours(workload), stock] : [ours(workload)];
  });

  const [yardstick, ...measurements] = await measure([YARDSTICK, ...subjects], runs, workspace);
  const own = measurements.filter(({ subject }) => subject.way === "ours");
  if (yardstick) print(targetTable(own, yardstick), "");
  print(comparisonTable(measurements.filter(({ subject }) => subject.workload.target)));
  if (skipped) print(`skipped: stock cdktf (${skipped})`);
  print("", growthTable(own.filter(({ subject }) => subject.workload !== dev)), "", machine(), "");
  await measureAccess(workspace.folder);
  await measureLogins();
  print("", textTable(await boardRates(dev, join(workspace.folder, "laptop"))), "");
  await measureReviews(runs, workspace);
}

/** A thousand identities, all services on EKS and of every kind. */
async function measureAccess(folder: string): Promise<void> {
  print(await accessCosts([manyServices(1000, folder), everyKind(1000, folder)]), "", machine(), "");
}

async function measureLogins(): Promise<void> {
  print(await loginTable(), "", machine());
}

async function measureReviews(runs: number, workspace: Workspace): Promise<void> {
  print(await reviewTable(runs, workspace), "", machine());
}

/** The runner of cdktf.json beside others, which run a copy of the same sources. */
async function compareRunners(runs: number, workspace: Workspace): Promise<void> {
  const workload = devEnvironment();
  const folder = copyProject(join(workspace.folder, "project"));
  const own = ours(workload);
  const skipped = installTools(workspace.folder);
  const others = RUNNERS.map((app): Subject => ({ way: app, app, folder, workload }));
  const measurements = await measure([{ ...own, way: own.app }, ...(skipped ? [] : others)], runs, workspace);
  print(comparisonTable(measurements));
  if (skipped) print(`skipped: other runners (${skipped})`);
  print("", machine());
}

/** What is measured alone, by the option that asks for it. */
const ONLY: readonly [flag: string, measure: typeof compareWithStock][] = [
  ["runners", compareRunners],
  ["review", measureReviews],
  ["access", (_, { folder }) => measureAccess(folder)],
  ["logins", measureLogins],
];

function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

void exitOnUserError(async () => {
  const given = commandLine(USAGE, { flags: ["runners", "review", "access", "logins"], values: ["runs"] });
  if (!given) return;
  const runs = wholeNumber("--runs", given.values.runs ?? "5", 1, 1000);
  const [, compare] = ONLY.find(([flag]) => given.flags.has(flag)) ?? ["", compareWithStock];
  await inWorkspace((workspace) => compare(runs, workspace));
});
