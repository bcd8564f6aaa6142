import { PostgresqlProvider } from "@cdktf/provider-postgresql/lib/provider";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import type { Endpoint } from "../../model/access/connection";
import { CA_FILE } from "../../model/access/connection";
import { writeBesideStack } from "../shared/stack-file";

/** Options for {@link AdminConnection}. */
export interface AdminConnectionProps {
  /** The database's writer endpoint. Terraform connects by this very name, through a proxy if need be. */
  readonly endpoint: Endpoint;
  /**
   * ARN of the Secrets Manager secret in which RDS keeps the admin's name and password. A reference within the stack:
   * another stack's token would dangle in an override.
   */
  readonly adminSecretArn: string;
  /** CA certificates of RDS in the region, PEM. */
  readonly caBundle: string;
}

/**
 * The postgresql provider, logged in as the admin. The password goes from Secrets Manager into the provider through
 * an ephemeral resource, which Terraform writes to neither state nor plan; TLS is verified, host name and all.
 * @see https://developer.hashicorp.com/terraform/language/block/ephemeral
 */
export class AdminConnection extends Construct {
  constructor(scope: Construct, id: string, props: AdminConnectionProps) {
    super(scope, id);
    const stack = TerraformStack.of(this);
    stack.addOverride("terraform.required_providers.postgresql", {
      source: "cyrilgdn/postgresql",
      version: ">= 1.26.0, < 2.0.0",
    });
    // Ephemeral resources have no binding.
    stack.addOverride("ephemeral.aws_secretsmanager_secret_version.admin", {
      secret_id: props.adminSecretArn,
    });
    const secret = (field: string) =>
      `\${jsondecode(ephemeral.aws_secretsmanager_secret_version.admin.secret_string)["${field}"]}`;
    new PostgresqlProvider(this, "postgresql", {
      scheme: "postgres",
      host: props.endpoint.host,
      port: props.endpoint.port,
      database: "postgres",
      username: secret("username"),
      password: secret("password"),
      // "require" would encrypt without asking who is at the other end.
      sslmode: "verify-full",
      sslrootcert: CA_FILE,
      // The admin of RDS is none, and the provider would otherwise do what only a superuser may.
      superuser: false,
      connectTimeout: 15,
    });
    writeBesideStack(this, CA_FILE, `${props.caBundle}\n`);
  }
}
