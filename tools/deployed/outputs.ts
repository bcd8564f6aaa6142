import { readFileSync } from "node:fs";
import { quote } from "../../lib/nearest";
import { UserError } from "../../lib/user-error";
import type { Environment } from "../../model/config/environment";
import type { Aws } from "./aws-cli";
import { type DeployedLayer, type Outputs, stackOutputs, statePlace } from "./stack-outputs";

/** Some labels of a host name, each with its dot. */
const LABELS = "([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.){1,4}";

const databaseHost = (region: string) =>
  `^${LABELS}(${region}\\.rds|rds\\.${region})\\.amazonaws\\.com(\\.cn)?$`;

/**
 * The outputs that are used here, and their form in a region. A state is a file that others can write, and these go on
 * command lines (where `--x` is an option, and `file://x` a file to the AWS CLI), into connection strings and onto the screen.
 */
const OUTPUTS = {
  "writer-endpoint": {
    layer: "database",
    form: databaseHost,
    is: "the host name of an RDS database",
  },
  "reader-endpoint": {
    layer: "database",
    form: databaseHost,
    is: "the host name of an RDS database's readers",
  },
  "proxy-endpoint": {
    layer: "database",
    form: databaseHost,
    is: "the host name of an RDS proxy",
  },
  "proxy-reader-endpoint": {
    layer: "database",
    form: databaseHost,
    is: "the host name of an RDS proxy's readers",
  },
  "bastion-instance-id": {
    layer: "database",
    form: () => "^i-([0-9a-f]{8}|[0-9a-f]{17})$",
    is: "the id of an EC2 instance",
  },
  "kubernetes-endpoint": {
    layer: "eks",
    // The second one is that of clusters with IPv6.
    form: (region: string) =>
      `^https://${LABELS}(${region}\\.eks\\.amazonaws\\.com(\\.cn)?|${region}\\.api\\.aws)$`,
    is: "the URL of an EKS cluster",
  },
} as const satisfies Readonly<
  Record<
    string,
    { readonly layer: DeployedLayer; readonly form: (region: string) => string; readonly is: string }
  >
>;

/** An output that is used here. */
export type OutputName = keyof typeof OUTPUTS;

/** The outputs of each layer, as its state has them. */
export type LayerOutputs = Readonly<Partial<Record<DeployedLayer, Outputs>>>;

/**
 * The outputs of these names, in lower case.
 * @throws UserError with each that is missing or is not what it should be
 */
export function checkedOutputs<Name extends OutputName>(
  environment: Environment,
  outputs: LayerOutputs,
  names: readonly Name[],
): Readonly<Record<Name, string>>;
export function checkedOutputs(
  environment: Environment,
  outputs: LayerOutputs,
  names: readonly OutputName[],
): Readonly<Record<string, string>> {
  const { region } = environment;
  const problems: string[] = [];
  const found = names.map((name): [string, string] => {
    const { layer, form, is } = OUTPUTS[name];
    const id = `${environment.name}-${layer}`;
    const value = outputs[layer]?.[name];
    if (value === undefined) {
      problems.push(`${id} was deployed without its output ${name}; run \`npx cdktf deploy ${id}\``);
    } else if (!new RegExp(form(region), "i").test(value)) {
      problems.push(
        `${statePlace(environment, layer)}: the output ${name} is not ${is} in ${region}: ${quote(value)}; find out who wrote that state, or run \`npx cdktf deploy ${id}\` again`,
      );
    }
    return [name, value?.toLowerCase() ?? ""];
  });
  if (problems.length > 0) throw new UserError(problems);
  return Object.fromEntries(found);
}

/**
 * Reads what the states of an environment's deployed stacks say.
 * @param layers whose states
 * @throws UserError with all that is wrong with them
 */
export async function readOutputs(
  environment: Environment,
  layers: readonly DeployedLayer[],
  aws: Aws,
): Promise<LayerOutputs> {
  const read = (path: string) => readFileSync(path, "utf8");
  const results = await Promise.allSettled(
    layers.map(async (layer) => [layer, await stackOutputs(environment, layer, aws, read)] as const),
  );
  const problems = results.flatMap((result): string[] => {
    if (result.status === "fulfilled") return [];
    if (result.reason instanceof UserError) return [...result.reason.messages];
    throw result.reason;
  });
  if (problems.length > 0) throw new UserError([...new Set(problems)]);
  return Object.fromEntries(
    results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])),
  );
}
