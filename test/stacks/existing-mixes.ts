import { MINIMAL } from "../helpers/environment";

export const NETWORK = `network:
  existing:
    vpcId: vpc-0123456789abcdef0
    publicSubnetIds: [subnet-0000000e]
    privateSubnetIds: [subnet-0000000a, subnet-0000000b]
    databaseSubnetIds: [subnet-0000000c, subnet-0000000d]
`;
export const CLUSTER = "cluster: { existing: { name: platform } }\n";
export const OTHER_CLUSTER =
  "cluster: { existing: { name: platform, createOidcProvider: true, securityGroupId: sg-0000000a } }\n";
export const AURORA = "database: { existing: { cluster: shop } }\n";
export const INSTANCE =
  "database: { bastion: true, existing: { instance: shop, securityGroupId: sg-0000000b, port: 5433, adminSecretArn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:admin-AbCdEf' } }\n";

/** Which layers exist already: the part of the file that says so, or nothing where the layer is made. */
export interface Mix {
  readonly network: string;
  readonly cluster: string;
  readonly database: string;
}

/** Every mix of what exists and what is made. */
export const MIXES: readonly Mix[] = ["", NETWORK].flatMap((network) =>
  ["", CLUSTER, OTHER_CLUSTER].flatMap((cluster) =>
    ["", AURORA, INSTANCE].map((database) => ({ network, cluster, database })),
  ),
);

/** The environment file of a mix. */
export function mixYaml({ network, cluster, database }: Mix): string {
  return `${MINIMAL}${network}${cluster}${database}`;
}

/** The name of a mix, for a test. */
export function mixName(mix: Mix): string {
  return Object.entries(mix)
    .map(([layer, part]) => `${part === "" ? "new" : "existing"} ${layer}`)
    .join(", ");
}
