import { z } from "zod";
import { UserError } from "../../lib/user-error";
import type { Aws } from "../deployed/aws-cli";

/** A database cluster, as RDS calls it. */
export interface InRds {
  readonly identifier: string;
  readonly region: string;
}

/** An instance of a database cluster that replicates the writer: it has sessions of its own. */
export interface ReaderInstance {
  readonly name: string;
  readonly host: string;
}

const clusters = z.object({
  DBClusters: z.tuple([
    z.object({
      DBClusterMembers: z.array(z.object({ DBInstanceIdentifier: z.string(), IsClusterWriter: z.boolean() })),
    }),
  ]),
});
const instances = z.object({
  DBInstances: z.array(
    z.object({
      DBInstanceIdentifier: z.string(),
      Endpoint: z.object({ Address: z.string().regex(/^[\w.-]+$/) }).optional(),
    }),
  ),
});

/** Arguments of the AWS CLI that ask for the members of a cluster, and for their instances. */
export function questions({ identifier, region }: InRds): readonly [cluster: string[], instances: string[]] {
  const end = ["--region", region, "--output", "json"];
  return [
    ["rds", "describe-db-clusters", "--db-cluster-identifier", identifier, ...end],
    ["rds", "describe-db-instances", "--filters", `Name=db-cluster-id,Values=${identifier}`, ...end],
  ];
}

/**
 * The readers of a cluster. The endpoint for readers leads to one of them, whichever that is: each has to be asked by its own name.
 * @throws UserError when RDS does not say
 */
export async function readerInstances(aws: Aws, cluster: InRds): Promise<ReaderInstance[]> {
  const [ofCluster, ofInstances] = questions(cluster);
  const members = clusters.safeParse(JSON.parse(await aws(ofCluster)));
  const found = instances.safeParse(JSON.parse(await aws(ofInstances)));
  if (!members.success || !found.success) {
    throw new UserError([
      `RDS does not say which instances the cluster ${cluster.identifier} has; look with aws ${ofCluster.join(" ")}`,
    ]);
  }
  const hosts = new Map(
    found.data.DBInstances.map((each) => [each.DBInstanceIdentifier, each.Endpoint?.Address]),
  );
  return members.data.DBClusters[0].DBClusterMembers.filter(
    ({ IsClusterWriter }) => !IsClusterWriter,
  ).flatMap(({ DBInstanceIdentifier: name }) => {
    // One that is being made has no endpoint, and no sessions.
    const host = hosts.get(name);
    return host === undefined ? [] : [{ name, host }];
  });
}
