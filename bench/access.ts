import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { App, TerraformResource } from "cdktf";
import { expectation } from "../model/access/expectation";
import { type AccessPlan, accessPlan } from "../model/access/plan";
import { accessReport } from "../model/access/report";
import { databaseScript } from "../model/access/sql";
import type { Environment } from "../model/config/environment";
import { loadEnvironments } from "../model/config/load";
import { addEnvironment } from "../stacks/environment-stacks";
import { speedUpSynthesis } from "../stacks/speed-up-synthesis";
import { startServer } from "../tools/postgres/embedded-server";
import { verify } from "../tools/verify/verify";
import { median } from "./measure";
import { alignedTable } from "./report";
import type { Workload } from "./workloads";

/** Times that a step is run which only computes. */
const RUNS = 5;

/** A step, what it took, and what came of it. */
interface Row {
  readonly step: string;
  readonly milliseconds: number;
  /** What its result holds. @default nothing that is kept */
  readonly megabytes?: number;
  readonly what: string;
}

/**
 * What the access plans of some workloads cost, in this process: to compute and render them (medians), to put them in
 * place on an embedded PostgreSQL by their SQL, and to verify that they are there (once).
 */
export async function accessCosts(workloads: readonly Workload[]): Promise<string> {
  const rows: string[][] = [];
  for (const { title, file } of workloads) {
    const [environment] = loadEnvironments(file);
    if (!environment) throw new Error(`${file} has no environment`);
    const all = [...computed(environment), ...(await applied(accessPlan(environment)))];
    for (const [index, { step, milliseconds, megabytes, what }] of all.entries()) {
      const memory = megabytes === undefined ? "" : `${megabytes.toFixed(1)} MB`;
      rows.push([index === 0 ? title : "", step, what, `${milliseconds.toFixed(0)} ms`, memory]);
    }
  }
  return alignedTable(3, ["access plan", "", "", "wall", "memory kept"], rows);
}

function computed(environment: Environment): Row[] {
  const plan = accessPlan(environment);
  return [
    repeated(
      "plan computed",
      () => accessPlan(environment),
      (each) => `${each.identities.length} identities`,
    ),
    repeated(
      "rendered as SQL",
      () => plan.databases.map(({ name }) => databaseScript(plan, name)),
      (scripts) => `${kilobytes(scripts.join(""))} in ${scripts.length} scripts`,
    ),
    repeated("rendered as report", () => accessReport(plan), kilobytes),
    repeated(
      "rendered as expectation",
      () => expectation(plan),
      ({ roles }) => `${roles.length} roles`,
    ),
    repeated(
      "made as constructs of all stacks",
      () => resourcesOf(environment),
      (resources) => `${resources.length} resources, before cdktf writes them`,
    ),
  ];
}

async function applied(plan: AccessPlan): Promise<Row[]> {
  const server = await startServer();
  try {
    return [
      await once("SQL applied to PostgreSQL 17", async () => {
        await server.apply(plan);
        return "to an empty server";
      }),
      await once("SQL applied again", async () => {
        await server.apply(plan);
        return "nothing to change";
      }),
      await once("verified", async () => {
        let queries = 0;
        const { findings } = await verify(plan, async (database) => {
          const client = await server.connect({ database });
          return {
            query: async (sql, values) => {
              queries++;
              return (await client.query(sql, values && [...values])).rows;
            },
            close: () => client.end(),
          };
        });
        return `${queries} queries, ${findings.length} findings`;
      }),
    ];
  } finally {
    await server.stop();
  }
}

function repeated<Result>(step: string, run: () => Result, what: (result: Result) => string): Row {
  const times: number[] = [];
  const before = heap();
  let result = run();
  const megabytes = (heap() - before) / 1e6;
  for (let time = 0; time < RUNS; time++) {
    const begin = performance.now();
    result = run();
    times.push(performance.now() - begin);
  }
  return { step, milliseconds: median(times), megabytes: Math.max(0, megabytes), what: what(result) };
}

async function once(step: string, run: () => Promise<string>): Promise<Row> {
  const begin = performance.now();
  const what = await run();
  return { step, milliseconds: performance.now() - begin, what };
}

/** The resources of an environment's stacks, which cdktf then turns into JSON. */
function resourcesOf(environment: Environment): unknown[] {
  speedUpSynthesis();
  const app = new App();
  addEnvironment(app, environment);
  return app.node.findAll().filter((construct) => TerraformResource.isTerraformResource(construct));
}

function kilobytes(text: string): string {
  return `${Math.round(Buffer.byteLength(text) / 1000)} kB`;
}

/** Bytes that are in use, once what is not is gone. */
function heap(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed;
}
