import type { Environment } from "../../model/config/environment";
import { POSTGRESQL_PORT } from "../../model/postgresql/names";
import { checkedOutputs, type LayerOutputs, type OutputName } from "../deployed/outputs";
import type { DeployedLayer } from "../deployed/stack-outputs";

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
export function neededLayers({ cluster }: Environment): readonly DeployedLayer[] {
  return cluster.publicAccessCidrs.length > 0 ? ["database"] : ["database", "eks"];
}

/**
 * The way to an environment's private endpoints.
 * @param outputs of the layers that it needs; without those of the EKS cluster there is no way to the Kubernetes API
 * @param readers also to the database's readers
 * @throws UserError with each output that is missing or is not what it should be
 */
export function route(environment: Environment, outputs: LayerOutputs, readers = false): Route {
  const { region, database } = environment;
  const port = database.existing?.port ?? POSTGRESQL_PORT;
  const wanted: readonly (Omit<Destination, "host"> & { readonly output: OutputName })[] = [
    { name: "database", output: "writer-endpoint", port },
    ...(readers ? [{ name: "readers", output: "reader-endpoint", port } as const] : []),
    ...(outputs.eks ? [{ name: "kubernetes", output: "kubernetes-endpoint", port: 443 } as const] : []),
  ];
  const checked = checkedOutputs(environment, outputs, [
    ...wanted.map(({ output }) => output),
    "bastion-instance-id",
  ]);
  return {
    bastion: checked["bastion-instance-id"],
    region,
    destinations: wanted.map(({ name, output, port: at }) => ({
      name,
      host: checked[output].replace("https://", ""),
      port: at,
    })),
  };
}
