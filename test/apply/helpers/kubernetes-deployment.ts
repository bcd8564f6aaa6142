import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createAuthority, issueCertificate } from "../../../lib/certificates";
import type { LoopbackServer } from "../../../lib/loopback";
import { Forward } from "../../../tools/tunnel/forward";
import { serveSocks } from "../../../tools/tunnel/socks-server";
import { makeSecret } from "./admin-secret";
import { startCorrectedMoto } from "./corrected-moto";
import { KubernetesApi } from "./kubernetes-api";
import { succeeded } from "./local-deployment";
import type { Moto } from "./moto";
import { beyondNotKept } from "./not-kept";
import { type Changes, planned } from "./plan-json";
import { makeSecurityGroup, type ProducerOutputs, writeProducerStates } from "./producer-states";
import { keepProviders } from "./reduced-stack";
import { TerraformWorkspace } from "./terraform";

// Names of EKS endpoints have capitals; the tunnel compares lower case, as URLs have it.
const HOST = "0A1B2C3D4E5F60718293A4B5C6D7E8F9.gr7.eu-west-1.eks.amazonaws.com";
/** The token that the API takes. */
export const TOKEN = "k8s-aws-v1.kubernetes-test-token-9d2e61";

/** The writer of an environment's database. */
export function writerOf(environment: string): { readonly host: string; readonly port: number } {
  return { host: `${environment}.cluster-abcdefghijkl.eu-west-1.rds.amazonaws.com`, port: 5432 };
}

/** What `aws eks get-token` prints for the cluster dev; it knows no other command. */
const awsCommand = (token: string) => `#!/bin/sh
[ "$*" = "eks get-token --cluster-name dev --region eu-west-1" ] || { echo "unknown: aws $*" >&2; exit 252; }
echo '{"apiVersion": "client.authentication.k8s.io/v1beta1", "kind": "ExecCredential", "status": {"token": "${token}"}}'
`;

/**
 * Access stacks of environments on one EKS cluster, dev: their Kubernetes part and the IAM roles it names. Terraform reaches the
 * API through the tunnel's proxy. Of the producers' stacks there are only outputs; apply.test.ts deploys these.
 */
export class KubernetesDeployment {
  private constructor(
    readonly moto: Moto,
    readonly api: KubernetesApi,
    readonly terraform: TerraformWorkspace,
    private readonly proxy: LoopbackServer,
    /** Where Terraform finds the command aws; not in its own folder, which tests search for the token. */
    private readonly bin: string,
    private readonly outputs: ReadonlyMap<string, ProducerOutputs>,
  ) {}

  /** @param environments their names, each with a database of its own */
  static async start(environments: readonly string[]): Promise<KubernetesDeployment> {
    const moto = await startCorrectedMoto();
    const authority = await createAuthority();
    const certificate = await issueCertificate(authority, [HOST]);
    const api = await KubernetesApi.start({ certificate, token: TOKEN });
    const forward = new Forward(
      { name: "kubernetes", host: HOST.toLowerCase(), port: 443 },
      {
        // In a session's place: the port that it would open.
        start: async () => ({ port: api.port, ended: new Promise(() => {}), close: async () => {} }),
        log: () => {},
        timeoutMs: 10_000,
      },
    );
    await forward.open();
    const proxy = await serveSocks({ port: 0, forwards: [forward], log: () => {} });
    const bin = mkdtempSync(join(tmpdir(), "aws-"));
    const terraform = new TerraformWorkspace({
      ...moto.env,
      KUBE_PROXY_URL: `socks5://127.0.0.1:${proxy.port}`,
      PATH: `${bin}${delimiter}${process.env.PATH}`,
    });
    const cluster = {
      certificate_authority0data: base64(authority.certificate),
      "aws_eks_cluster.*endpoint": `https://${HOST}`,
      "aws_eks_cluster.*name": "dev",
      openid_connect_provider: "arn:aws:iam::123456789012:oidc-provider/issuer.example",
      issuer: "issuer.example",
      cluster_security_group_id: await makeSecurityGroup(moto.url, "cluster"),
    };
    const outputs = new Map<string, ProducerOutputs>();
    for (const environment of environments) {
      outputs.set(environment, {
        ...cluster,
        aws_security_group: await makeSecurityGroup(moto.url, `${environment}-database`),
        "aws_rds_cluster.*endpoint": writerOf(environment).host,
        cluster_resource_id: `cluster-${environment.toUpperCase()}`,
        // Terraform reads it, and gives it to nobody: the database part is not here.
        secret_arn: await makeSecret(moto.url, `${environment}-admin`, "{}"),
      });
    }
    const deployment = new KubernetesDeployment(moto, api, terraform, proxy, bin, outputs);
    deployment.answerToken(TOKEN);
    chmodSync(join(bin, "aws"), 0o755);
    return deployment;
  }

  async stop(): Promise<void> {
    rmSync(this.bin, { recursive: true });
    this.terraform.remove();
    await this.proxy.close();
    await this.api.stop();
    await this.moto.stop();
  }

  /** What `aws eks get-token` says from now on. */
  answerToken(token: string): void {
    writeFileSync(join(this.bin, "aws"), awsCommand(token));
  }

  /** Synthesises environment files, one of each environment. */
  synth(...files: readonly string[]): void {
    this.terraform.synth(...files);
    for (const environment of this.outputs.keys()) {
      keepProviders(this.terraform, `${environment}-access`, ["aws", "kubernetes"]);
      this.writeOutputs(environment);
    }
  }

  /** State files of the producers with the outputs that an access stack asks for. */
  writeOutputs(environment: string, others: ProducerOutputs = {}): void {
    const values = { ...this.outputs.get(environment), ...others };
    writeProducerStates(this.terraform, `${environment}-access`, values);
  }

  /** Plans an environment's access stack. */
  async changes(environment: string): Promise<Changes> {
    // What moto does not keep is the same in each.
    return beyondNotKept("dev-access", await planned(this.terraform, `${environment}-access`));
  }

  /** Plans an environment's access stack and applies that plan; what it changed. */
  async apply(environment: string): Promise<Changes> {
    const made = await this.changes(environment);
    succeeded(await this.terraform.apply(`${environment}-access`, "plan"));
    return made;
  }
}

export function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
