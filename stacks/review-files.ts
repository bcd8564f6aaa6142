import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { accessPlan } from "../model/access/plan";
import { accessReport } from "../model/access/report";
import { databaseScript } from "../model/access/sql";
import type { Environment } from "../model/config/environment";
import { RULES_FILE, rulesText } from "../model/config/review/rules-file";

/**
 * Writes what people and tools read beside the stacks: the access report, the plan as JSON, the rules of reviews and
 * the SQL of each database, to `<outdir>/review/<environment>/`.
 * @returns that folder
 */
export function writeReview(environment: Environment, outdir: string): string {
  const plan = accessPlan(environment);
  const folder = join(outdir, "review", environment.name);
  // A database that is no longer in the file must not leave its script behind.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write("access.md", accessReport(plan, environment.warnings));
  write("access-plan.json", `${JSON.stringify(plan, null, 2)}\n`);
  write(RULES_FILE, rulesText(environment.review));
  for (const { name } of plan.databases) write(`${name}.sql`, databaseScript(plan, name));
  return folder;
}
