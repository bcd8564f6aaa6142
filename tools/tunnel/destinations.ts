import { quote } from "../../lib/nearest";
import { UserError } from "../../lib/user-error";
import type { Environment } from "../../model/config/environment";
import { POSTGRESQL_PORT } from "../../model/postgresql/names";
import { type Outputs, statePlace, type TunnelLayer } from "./stack-outputs";

/** A host and port that the bastion reaches. */
export interface Destination {
  /** What it is, for messages. */
  readonly name: "database" | "readers" | "kubernetes";
  /** Host name, in lower case. */
  readonly host: string;
  readonly port: number;
}

/** What a tunnel leads to, and through which instance. */
export interface Route {
  /** Id of the bastion's instance. */
  readonly bastion: string;
  readonly region: string;
  readonly destinations: readonly Destination[];
}

/** Layers whose outputs {@link route} needs: that of the cluster only when its endpoint is private. */
export function neededLayers({ cluster }: Environment): readonly TunnelLayer[] {
  return cluster.publicAccessCidrs.length > 0 ? ["database"] : ["database", "eks"];
}

/** Some labels of a host name, each with its dot. */
const LABELS = "([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.){1,4}";

const databaseHost = (region: string) =>
  `^${LABELS}(${region}\\.rds|rds\\.${region})\\.amazonaws\\.com(\\.cn)?$`;

/**
 * The outputs that a tunnel uses, and their form in a region. A state is a file that others can write, and these go on
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
    { readonly layer: TunnelLayer; readonly form: (region: string) => string; readonly is: string }
  >
>;

/**
 * The way to an environment's private endpoints.
 * @param eks undefined when the Kubernetes API has a public endpoint
 * @param readers also to the database's readers
 * @throws UserError with each output that is missing or is not what it should be
 */
export function route(environment: Environment, database: Outputs, eks?: Outputs, readers = false): Route {
  const { region } = environment;
  const problems: string[] = [];
  const output = (outputs: Outputs, name: keyof typeof OUTPUTS): string => {
    const { layer, form, is } = OUTPUTS[name];
    const id = `${environment.name}-${layer}`;
    const value = outputs[name];
    if (value === undefined) {
      problems.push(`${id} was deployed without its output ${name}; run \`npx cdktf deploy ${id}\``);
    } else if (!new RegExp(form(region), "i").test(value)) {
      problems.push(
        `${statePlace(environment, layer)}: the output ${name} is not ${is} in ${region}: ${quote(value)}; find out who wrote that state, or run \`npx cdktf deploy ${id}\` again`,
      );
    }
    return value?.toLowerCase() ?? "";
  };
  const port = environment.database.existing?.port ?? POSTGRESQL_PORT;
  const destinations: Destination[] = [
    { name: "database", host: output(database, "writer-endpoint"), port },
    ...(readers ? [{ name: "readers" as const, host: output(database, "reader-endpoint"), port }] : []),
  ];
  if (eks) {
    const host = output(eks, "kubernetes-endpoint").replace("https://", "");
    destinations.push({ name: "kubernetes", host, port: 443 });
  }
  const bastion = output(database, "bastion-instance-id");
  if (problems.length > 0) throw new UserError(problems);
  return { bastion, region, destinations };
}
