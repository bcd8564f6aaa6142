import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TerraformWorkspace } from "./terraform";

/** Reduces a synthesised stack to the resources of some providers and of Terraform itself; locals, data, outputs and ephemeral resources stay. */
export function keepProviders(terraform: TerraformWorkspace, stack: string, names: readonly string[]): void {
  edit(terraform, stack, ({ resource, provider, terraform: settings, ...rest }) => ({
    ...rest,
    terraform: { ...settings, required_providers: chosen(settings.required_providers, names) },
    provider: chosen(provider, names),
    resource: Object.fromEntries(
      Object.entries(resource).filter(([type]) =>
        [...names, "terraform"].some((name) => type.startsWith(`${name}_`)),
      ),
    ),
  }));
}

/**
 * Reduces a synthesised access stack to what the AWS provider alone can apply: IAM, and who gets into the database.
 *
 * The admin's password then has nobody to go to. So the AWS provider is configured a second time, with that password as
 * a secret key, in the postgresql provider's place: what a provider is given must be in no state and no plan.
 */
export function keepIamPart(terraform: TerraformWorkspace, stack: string): void {
  edit(terraform, stack, ({ data, provider, ...rest }) => ({
    ...rest,
    data: { ...data, aws_caller_identity: { holder: { provider: "aws.password-holder" } } },
    provider: {
      aws: [
        ...(provider.aws ?? []),
        {
          alias: "password-holder",
          region: "eu-west-1",
          access_key: "holder",
          secret_key: provider.postgresql?.[0]?.password,
        },
      ],
    },
  }));
  keepProviders(terraform, stack, ["aws"]);
}

/** The parts of a stack's JSON that are read here; the others stay as they are. */
interface StackJson {
  readonly terraform: { readonly required_providers: Readonly<Record<string, unknown>> };
  readonly provider: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  readonly resource: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, unknown>>;
}

function edit(terraform: TerraformWorkspace, stack: string, change: (json: StackJson) => object): void {
  const file = join(terraform.directory(stack), "cdk.tf.json");
  const json: StackJson = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, JSON.stringify(change(json), null, 2));
}

function chosen<Value>(
  all: Readonly<Record<string, Value>>,
  names: readonly string[],
): Record<string, Value> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}
