import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import type { LoopbackServer } from "../../../lib/loopback";
import { ADMIN_OPTIONS } from "../../../model/postgresql/admin-settings";
import { ADMIN_USER } from "../../../model/postgresql/names";
import { type EmbeddedServer, startServer } from "../../../tools/postgres/embedded-server";
import { Forward } from "../../../tools/tunnel/forward";
import { serveSocks } from "../../../tools/tunnel/socks-server";
import { makeSecret } from "./admin-secret";
import { type CorrectedMoto, startCorrectedMoto } from "./corrected-moto";
import { ec2Client, makeSecurityGroup, type ProducerOutputs, writeProducerStates } from "./producer-states";
import { keepProviders } from "./reduced-stack";
import { TerraformWorkspace } from "./terraform";

const STACK = "dev-access";
const HOST = "dev.cluster-abcdefghijkl.eu-west-1.rds.amazonaws.com";

/**
 * An access stack's way to its database, with stand-ins at both ends only: Terraform reads the admin's password from a
 * local AWS API, and connects through the tunnel's proxy, under the name of an Aurora cluster and with TLS verified, to a
 * PostgreSQL of our own. Of the producers' stacks there are only outputs; apply.test.ts deploys these.
 */
export class AccessDeployment {
  private constructor(
    readonly moto: CorrectedMoto,
    readonly server: EmbeddedServer,
    readonly terraform: TerraformWorkspace,
    private readonly proxy: LoopbackServer,
    private readonly outputs: ProducerOutputs,
  ) {}

  /**
   * @param options PGOPTIONS for Terraform, as the tunnel has them unless said otherwise
   * @param env further variables for Terraform
   */
  static async start({
    options = ADMIN_OPTIONS,
    env = {},
  }: {
    readonly options?: string;
    readonly env?: Readonly<NodeJS.ProcessEnv>;
  } = {}): Promise<AccessDeployment> {
    const moto = await startCorrectedMoto();
    const server = await startServer({ hostNames: [HOST] });
    const forward = new Forward(
      { name: "database", host: HOST, port: 5432 },
      {
        // In a session's place: the port that it would open.
        start: async () => ({ port: server.port, ended: new Promise(() => {}), close: async () => {} }),
        log: () => {},
        timeoutMs: 10_000,
      },
    );
    await forward.open();
    const proxy = await serveSocks({ port: 0, forwards: [forward], log: () => {} });
    const terraform = new TerraformWorkspace({
      ...moto.env,
      ...env,
      ALL_PROXY: `socks5://127.0.0.1:${proxy.port}`,
      PGOPTIONS: options,
    });
    writeFileSync(join(terraform.folder, "ca.pem"), server.ca);
    const login = JSON.stringify({ username: ADMIN_USER, password: server.adminPassword });
    return new AccessDeployment(moto, server, terraform, proxy, {
      "dev-database.*endpoint": HOST,
      "dev-database.*cluster_resource_id": "cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
      "dev-database.*secret_arn": await makeSecret(moto.url, "admin", login),
      "dev-database.*resource-id": "prx-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
      "dev-database.*security_groupproxy": await makeSecurityGroup(moto.url, "proxy"),
      "dev-database.*aws_security_group": await makeSecurityGroup(moto.url, "database"),
      "dev-network.*vpc": await defaultVpc(moto.url),
      "dev-eks.*security_group": await makeSecurityGroup(moto.url, "cluster"),
      "dev-eks.*openid_connect_provider": "arn:aws:iam::123456789012:oidc-provider/issuer.example",
      "dev-eks.*issuer": "issuer.example",
      "dev-eks.*name": "dev",
    });
  }

  /** Synthesises an environment file named dev, without its Kubernetes resources. */
  async synth(yaml: string): Promise<void> {
    this.terraform.synth(yaml.replace("database:\n", "database:\n  caBundle: ca.pem\n"));
    keepProviders(this.terraform, STACK, ["aws", "postgresql"]);
    writeProducerStates(this.terraform, STACK, this.outputs);
  }

  async stop(): Promise<void> {
    this.terraform.remove();
    await this.proxy.close();
    await this.server.stop();
    await this.moto.stop();
  }
}

/** The VPC in which security groups are that name none. */
async function defaultVpc(endpoint: string): Promise<string> {
  const client = ec2Client(endpoint);
  const { Vpcs = [] } = await client.send(new DescribeVpcsCommand({}));
  client.destroy();
  return Vpcs.find(({ IsDefault }) => IsDefault)?.VpcId ?? "";
}
