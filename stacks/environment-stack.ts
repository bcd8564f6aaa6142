import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { LocalBackend, S3Backend, TerraformLocal, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { ConnectedService } from "../constructs/access/service-connection";
import { ProviderLock } from "../constructs/shared/provider-lock";
import { writeBesideStack } from "../constructs/shared/stack-file";
import type { Environment } from "../model/config/environment";

/** The layers of an environment, in the order they can be deployed; eks and database may go at the same time. */
export type Layer = "network" | "eks" | "database" | "access" | "demo" | "verify";

/** What a TerraformOutput of ours may hold. */
type PublishedValue =
  | string
  | readonly string[]
  | Readonly<Record<string, string | Readonly<Record<string, string>>>>;

/**
 * Terraform 1.11 (or OpenTofu 1.11) is the first with both S3 lock files and ephemeral resources. This stands in a file of
 * its own, and in HCL: checkov gives up on any Terraform JSON that has it, finds nothing wrong there and exits 0.
 * @see https://github.com/bridgecrewio/checkov/issues/7454
 */
const REQUIRED_VERSION = `terraform {
  required_version = ">= 1.11.0"
}
`;

/**
 * The first release whose proxies log in by IAM (`default_auth_scheme`), and need no secret (`auth`).
 * @see https://github.com/hashicorp/terraform-provider-aws/pull/44309
 */
const FIRST_WITH_IAM_PROXY = "6.15.0";

/** What every stack has: its id, its state, and an AWS provider that refuses any account but the environment's. */
export class EnvironmentStack extends TerraformStack {
  constructor(scope: Construct, layer: Layer, environment: Environment) {
    const id = `${environment.name}-${layer}`;
    super(scope, id);
    writeBesideStack(this, "versions.tf", REQUIRED_VERSION);
    // The binding pins one exact version; without a proxy the stacks use only what 5.100 and 6.x share.
    this.addOverride("terraform.required_providers.aws", {
      source: "hashicorp/aws",
      version: `>= ${environment.database.proxy ? FIRST_WITH_IAM_PROXY : "5.100.0"}, < 7.0.0`,
    });
    new AwsProvider(this, "aws", {
      region: environment.region,
      allowedAccountIds: [environment.account],
      defaultTags: [
        { tags: { ...environment.tags, environment: environment.name, stack: id, "managed-by": "cdktf" } },
      ],
    });
    if (environment.providerLock) new ProviderLock(this, "provider-lock", { lock: environment.providerLock });
    if (environment.backend) {
      const backend = new S3Backend(this, {
        bucket: environment.backend.bucket,
        region: environment.backend.region,
        key: `${id}/terraform.tfstate`,
        encrypt: true,
      });
      backend.addOverride("use_lockfile", true);
    } else {
      // Relative to cdktf.out/stacks/<id>: the default is an absolute path, which differs from machine to machine.
      new LocalBackend(this, { path: `../../../terraform.${id}.tfstate` });
    }
  }

  /**
   * Gives another stack's output a short name in this one, and returns the reference to it. A thousand policies then
   * read `${local.database-resource-id}` and not the same hundred characters of remote state, and synthesise faster.
   */
  protected named(name: string, value: string): string {
    new TerraformLocal(this, name, value).overrideLogicalId(name);
    return `\${local.${name}}`;
  }

  /** A service of the access stack, by short names. The environment's rules have checked that it is there. */
  protected connected(
    role: string,
    services: ReadonlyMap<string, ConnectedService>,
    key: string,
  ): ConnectedService {
    const service = services.get(key);
    if (!service) throw new Error(`there is no service ${key} in the access stack`);
    return {
      namespace: this.named(`${role}-namespace`, service.namespace),
      serviceAccount: this.named(`${role}-service-account`, service.serviceAccount),
      configMap: this.named(`${role}-config-map`, service.configMap),
      certificates: service.certificates,
      variables: service.variables,
    };
  }

  /** Publishes a value for people: `cdktf output` prints it with its description in the synthesised file. */
  protected publish(name: string, description: string, value: PublishedValue): void {
    new TerraformOutput(this, name, { description, value, staticId: true });
  }
}
