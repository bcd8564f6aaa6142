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
 * Leaves resources out that this machine's AWS provider is too old for, and outputs and locals of them, so that it may
 * apply the others.
 * @param types how their types begin
 * @returns their addresses
 */
export function leaveOut(terraform: TerraformWorkspace, stack: string, types: string): string[] {
  const leftOut: string[] = [];
  edit(terraform, stack, ({ resource, terraform: settings, locals = {}, output = {}, ...rest }) => {
    const { aws, ...others } = settings.required_providers;
    const older = { ...Object(aws), version: ">= 5.100.0, < 7.0.0" };
    const isOut = ([type]: [string, unknown]) => type.startsWith(types);
    leftOut.push(
      ...Object.entries(resource)
        .filter(isOut)
        .flatMap(([type, named]) => Object.keys(Object(named)).map((name) => `${type}.${name}`)),
    );
    const names = (value: unknown, of: readonly string[]) =>
      of.some((address) => JSON.stringify(value).includes(`${address}.`) || value === `\${${address}}`);
    const keptLocals = Object.entries(locals).filter(([, value]) => !names(value, leftOut));
    const gone = Object.keys(locals).filter((name) => !keptLocals.some(([kept]) => kept === name));
    const keptOutputs = Object.entries(output).filter(
      ([, { value }]) => !names(value, [...leftOut, ...gone.map((name) => `local.${name}`)]),
    );
    return {
      ...rest,
      terraform: { ...settings, required_providers: { ...others, aws: older } },
      locals: Object.fromEntries(keptLocals),
      output: Object.fromEntries(keptOutputs),
      resource: Object.fromEntries(Object.entries(resource).filter((entry) => !isOut(entry))),
    };
  });
  return leftOut.sort();
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
  readonly locals?: Readonly<Record<string, unknown>>;
  readonly output?: Readonly<Record<string, { readonly value: unknown }>>;
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
