import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { accessPlan } from "../model/access/plan";
import { accessReport } from "../model/access/report";
import { databaseScript } from "../model/access/sql";
import type { Environment } from "../model/config/environment";
import { RULES_FILE, rulesText } from "../model/config/review/rules-file";

/** What people and tools read of an environment's access: the report, the plan as JSON, the SQL of each database, by name. */
export function reviewFiles(environment: Environment): ReadonlyMap<string, string> {
  const plan = accessPlan(environment);
  return new Map([
    ["access.md", accessReport(plan, environment.warnings)],
    ["access-plan.json", `${JSON.stringify(plan, null, 2)}\n`],
    ...plan.databases.map(({ name }) => [`${name}.sql`, databaseScript(plan, name)] as const),
  ]);
}

/**
 * Writes {@link reviewFiles} beside the stacks, and the rules of reviews, to `<outdir>/review/<environment>/`.
 * @returns that folder
 */
export function writeReview(environment: Environment, outdir: string): string {
  const folder = join(outdir, "review", environment.name);
  // A database that is no longer in the file must not leave its script behind.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const files = new Map([...reviewFiles(environment), [RULES_FILE, rulesText(environment.review)]]);
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
  return folder;
}
