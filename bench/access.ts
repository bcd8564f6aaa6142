import { App, TerraformResource } from "cdktf";
import type { Table } from "../lib/table";
import { expectation } from "../model/access/expectation";
import { accessPlan } from "../model/access/plan";
import { accessReport } from "../model/access/report";
import { databaseScript } from "../model/access/sql";
import type { Environment } from "../model/config/environment";
import { loadEnvironments } from "../model/config/load";
import { AccessStack } from "../stacks/access-stack";
import { skipCreationStacks } from "../stacks/skip-creation-stacks";
import { startServer } from "../tools/postgres/embedded-server";
import { verify } from "../tools/verify/verify";
import type { Workload } from "./workloads";

/**
 * What the access plan of a workload costs: to compute and render it, to put it in place on an embedded PostgreSQL by
 * its SQL, and to verify that it is there. One run each, in this process.
 */
export async function accessCosts({ file }: Workload): Promise<Table> {
  const [environment] = loadEnvironments(file);
  if (!environment) throw new Error(`${file} has no environment`);
  const clock = new Clock();
  const plan = accessPlan(environment);
  clock.row("plan computed", `${plan.identities.length} identities`);
  const scripts = plan.databases.map(({ name }) => databaseScript(plan, name));
  clock.row("rendered as SQL", `${kilobytes(scripts.join(""))} in ${scripts.length} scripts`);
  clock.row("rendered as report", kilobytes(accessReport(plan)));
  const expected = expectation(plan);
  clock.row("rendered as expectation", `${expected.roles.length} roles`);
  const resources = terraformResources(environment);
  clock.row("rendered as Terraform", `${resources} resources, before cdktf writes them`);

  const server = await startServer();
  try {
    clock.restart();
    await server.apply(plan);
    clock.row("SQL applied to PostgreSQL 17", "to an empty server");
    await server.apply(plan);
    clock.row("SQL applied again", "nothing to change");
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
    clock.row("verified", `${queries} queries, ${findings.length} findings`);
  } finally {
    await server.stop();
  }
  return { header: ["access plan", "wall", "what"], rows: clock.rows };
}

/** Makes the resources of the access stack, which cdktf then turns into JSON; how many there are. */
function terraformResources(environment: Environment): number {
  skipCreationStacks();
  const stack = new AccessStack(new App(), {
    environment,
    network: { vpcId: "vpc-1" },
    eks: {
      name: "name",
      kubernetesEndpoint: "https://endpoint",
      certificateAuthority: "ca",
      oidcProvider: { arn: "arn", issuer: "issuer" },
      securityGroupId: "sg-1",
    },
    database: {
      writerEndpoint: "endpoint",
      readerEndpoint: "reader",
      port: 5432,
      resourceId: "cluster-1",
      securityGroupId: "sg-2",
      adminSecretArn: "arn",
    },
  });
  return stack.node.findAll().filter((construct) => TerraformResource.isTerraformResource(construct)).length;
}

function kilobytes(text: string): string {
  return `${Math.round(Buffer.byteLength(text) / 1000)} kB`;
}

/** Times what happened since the last row. */
class Clock {
  readonly rows: string[][] = [];
  private last = performance.now();

  restart(): void {
    this.last = performance.now();
  }

  row(title: string, what: string): void {
    this.rows.push([title, `${(performance.now() - this.last).toFixed(0)} ms`.padStart(8), what]);
    this.restart();
  }
}
