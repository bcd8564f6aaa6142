import { accessMatrix } from "../access/matrix";
import { accessPlan } from "../access/plan";
import { chooseEnvironments, loadEnvironments } from "../config/load";
import { exitOnUserError } from "../config/problem";
import { commandLine } from "./arguments";
import { textTable } from "./print-table";
import { synthesise } from "./synthesise";

const USAGE = `Usage: npm run demo
Synthesises the dev environment and prints who can do what where.`;

exitOnUserError(() => {
  const given = commandLine(USAGE);
  if (!given) return;
  const [dev] = chooseEnvironments(loadEnvironments(process.env.ENVIRONMENTS), ["dev"]);
  if (!dev) return;
  const { stacks } = synthesise([dev]);
  const total = stacks.reduce((sum, { resources }) => sum + resources, 0);
  process.stdout.write(
    `${dev.file} → ${stacks.length} stacks, ${total} resources in cdktf.out\n\n${textTable(accessMatrix(accessPlan(dev)))}\n`,
  );
});
