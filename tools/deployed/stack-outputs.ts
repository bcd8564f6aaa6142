import { errorCode, UserError } from "../../lib/user-error";
import type { Environment } from "../../model/config/environment";
import type { Aws } from "./aws-cli";

/** The outputs of a deployed stack that are text, by name. */
export type Outputs = Readonly<Record<string, string>>;

/** A layer whose outputs are read. */
export type DeployedLayer = "database" | "eks";

/** Where a stack's state is: an object in S3, or a file in the project's folder. */
export type StateLocation =
  | { readonly bucket: string; readonly key: string; readonly region: string }
  | { readonly file: string };

/** Where Terraform keeps the state of a stack, as `EnvironmentStack` tells it to. */
export function stateLocation({ name, backend }: Environment, layer: DeployedLayer): StateLocation {
  const id = `${name}-${layer}`;
  return backend ? { ...backend, key: `${id}/terraform.tfstate` } : { file: `terraform.${id}.tfstate` };
}

/** The same as people and the AWS CLI write it. */
export function statePlace(environment: Environment, layer: DeployedLayer): string {
  const location = stateLocation(environment, layer);
  return "file" in location ? location.file : `s3://${location.bucket}/${location.key}`;
}

/**
 * Reads a stack's outputs from its state. `terraform output` would need an initialised folder, which only the machine
 * that deployed has, and `cdktf output` its CLI; the AWS CLI is needed for the tunnel anyway.
 * @param readFile reads a text file of the project's folder
 * @throws UserError when the stack is not deployed or its state cannot be read
 */
export async function stackOutputs(
  environment: Environment,
  layer: DeployedLayer,
  aws: Aws,
  readFile: (path: string) => string,
): Promise<Outputs> {
  const id = `${environment.name}-${layer}`;
  const location = stateLocation(environment, layer);
  const place = statePlace(environment, layer);
  const undeployed = (reason: string) =>
    new UserError([`${id} is not deployed (${reason}); run \`npx cdktf deploy ${id}\` first`]);
  let text: string;
  try {
    text =
      "file" in location
        ? readFile(location.file)
        : await aws(["s3", "cp", place, "-", "--region", location.region]);
  } catch (error) {
    if (errorCode(error) === "ENOENT") throw undeployed(`there is no ${place} here`);
    if (/\(404\)|NoSuchKey|NoSuchBucket|Key .* does not exist/.test(String(Object(error).cause))) {
      throw undeployed(`there is no ${place}`);
    }
    throw error;
  }
  const outputs = parseOutputs(text, place);
  if (Object.keys(outputs).length === 0) throw undeployed(`${place} has no outputs`);
  return outputs;
}

/** The outputs in the text of a state file; those that are not text are left out. */
export function parseOutputs(text: string, place: string): Outputs {
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch {
    state = undefined;
  }
  const version: unknown = Object(state).version;
  if (version !== 4) {
    throw new UserError([`${place} is no Terraform state that can be read here (version 4); restore it`]);
  }
  const outputs: Record<string, unknown> = Object(Object(state).outputs);
  return Object.fromEntries(
    Object.entries(outputs).flatMap(([name, output]): [string, string][] => {
      const value: unknown = Object(output).value;
      return typeof value === "string" ? [[name, value]] : [];
    }),
  );
}
