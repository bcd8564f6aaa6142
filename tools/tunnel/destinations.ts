import { UserError } from "../../lib/user-error";
import type { Environment } from "../../model/config/environment";
import type { Outputs } from "./stack-outputs";

/** A host and port that the bastion reaches. */
export interface Destination {
  /** What it is, for messages. */
  readonly name: "database" | "kubernetes";
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

/** Where Aurora listens; a database that was there before says it in the environment file. */
const POSTGRESQL_PORT = 5432;

/** Layers whose outputs {@link route} needs: that of the cluster only when its endpoint is private. */
export function neededLayers({ cluster }: Environment): readonly ("database" | "eks")[] {
  return cluster.publicAccessCidrs.length > 0 ? ["database"] : ["database", "eks"];
}

/**
 * The way to an environment's private endpoints.
 * @param eks undefined when the Kubernetes API has a public endpoint
 * @throws UserError when a stack was deployed without what a tunnel needs
 */
export function route(environment: Environment, database: Outputs, eks?: Outputs): Route {
  const output = (outputs: Outputs, layer: string, name: string): string => {
    const value = outputs[name];
    if (value !== undefined) return value;
    const id = `${environment.name}-${layer}`;
    throw new UserError([`${id} was deployed without its output ${name}; run \`npx cdktf deploy ${id}\``]);
  };
  const destinations: Destination[] = [
    {
      name: "database",
      host: output(database, "database", "writer-endpoint").toLowerCase(),
      port: environment.database.existing?.port ?? POSTGRESQL_PORT,
    },
  ];
  if (eks) {
    const { hostname, port } = new URL(output(eks, "eks", "kubernetes-endpoint"));
    destinations.push({ name: "kubernetes", host: hostname, port: Number(port || 443) });
  }
  return {
    bastion: output(database, "database", "bastion-instance-id"),
    region: environment.region,
    destinations,
  };
}
