import { addonFacts } from "../aws/addons";
import { iamRoleName, proxyRoleName } from "../aws/names";
import { declaredDatabases } from "./access/declared-databases";
import { declaredGroups } from "./access/declared-groups";
import { declaredIdentities } from "./access/identities";
import { servicesOnEks } from "./access/place";
import { connectionConfigMap } from "./access/service-account";
import type { ClusterConfig, DatabaseConfig, Environment, ProxyConfig } from "./environment";
import type { EnvironmentFile } from "./schema";

/** A name that AWS, PostgreSQL or Kubernetes gives once, and an environment takes. */
export interface SharedName {
  /** What is called so, such as `IAM role`. */
  readonly kind: string;
  readonly name: string;
  /** Within what the name is given once: an account, a region of it, a database, an EKS cluster. */
  readonly within: string;
  /** What in the file it follows from. */
  readonly path: readonly PropertyKey[];
}

/**
 * Every name of an environment's that another environment could take: what its layers make in its account and region, and
 * what its access stack makes in its database and EKS cluster, which another environment may have adopted.
 */
export function sharedNames(environment: Environment): SharedName[] {
  const { name, account, region, partition, network, cluster, database, access } = environment;
  const inAccount = `${partition} ${account}`;
  const inRegion = `${inAccount} ${region}`;
  const made = (path: readonly PropertyKey[], names: Names): SharedName[] =>
    Object.entries(names).flatMap(([kind, all]) =>
      all.map((each) => ({ kind, name: each, within: kind === "IAM role" ? inAccount : inRegion, path })),
    );
  const server = database.existing ?? { kind: "cluster", identifier: name };
  const inDatabase = `${inRegion} ${server.kind} ${server.identifier}`;
  const inCluster = `${inRegion} EKS ${cluster.existing?.name ?? name}`;
  const role = (each: string, path: readonly PropertyKey[]): SharedName => ({
    kind: "PostgreSQL role",
    name: each,
    within: inDatabase,
    path,
  });
  return [
    ...(network.existing ? [] : made(["name"], networkNames(name))),
    ...(cluster.existing ? [] : made(["name"], eksNames(name, cluster))),
    ...Object.keys(cluster.existing ? {} : cluster.nodeGroups).flatMap((group) =>
      made(["cluster", "nodeGroups", group], { "launch template": [`${name}-eks-${group}`] }),
    ),
    ...(database.existing ? [] : made(["name"], databaseNames(name, database))),
    ...(database.bastion ? made(["name"], bastionNames(name)) : []),
    ...(database.proxy ? made(["database", "proxy"], proxyNames(name, database.proxy)) : []),
    ...declaredDatabases(access).map(({ name: each, path }) => ({
      kind: "database",
      name: each,
      within: inDatabase,
      path,
    })),
    // Said of the database, once.
    ...declaredGroups(environment).map((group) => role(group.role, group.path.slice(0, 3))),
    ...declaredIdentities(access).flatMap(({ key, path, databaseUsers }) => [
      ...made(path, { "IAM role": [iamRoleName(name, key)] }),
      ...databaseUsers.map((user) => role(user.name, user.place.path)),
    ]),
    ...Object.entries(access.namespaces).flatMap(([each, { existing }]) =>
      existing
        ? []
        : [{ kind: "namespace", name: each, within: inCluster, path: ["access", "namespaces", each] }],
    ),
    // Namespaces may be shared, by files that call them existing.
    ...servicesOnEks(access.services).flatMap(({ key, place }) => {
      const inNamespace = (kind: string, each: string) => ({
        kind,
        name: `${place.namespace}/${each}`,
        within: inCluster,
        path: ["access", "services", key],
      });
      return [
        inNamespace("ServiceAccount", place.account.name),
        inNamespace("ConfigMap", connectionConfigMap(key)),
      ];
    }),
    ...(cluster.existing && !cluster.existing.createOidcProvider
      ? []
      : [
          {
            kind: "OIDC provider",
            name: cluster.existing?.name ?? name,
            within: `${inAccount} ${region}`,
            path: cluster.existing ? ["cluster", "existing", "createOidcProvider"] : ["name"],
          },
        ]),
    {
      kind: "security group rule",
      name: `from ${cluster.existing?.name ?? name} to ${server.identifier}`,
      within: JSON.stringify([
        inDatabase,
        inCluster,
        cluster.existing?.securityGroupId,
        database.existing?.securityGroupId,
      ]),
      path: database.existing ? ["database", "existing"] : ["name"],
    },
  ];
}

/** The IAM roles that the layers of an environment make for themselves. */
export function layerRoles({ name, cluster, database }: EnvironmentFile): string[] {
  const layers = [
    networkNames(name),
    eksNames(name, cluster),
    databaseNames(name, database),
    bastionNames(name),
  ];
  return [...layers.flatMap((names) => names["IAM role"] ?? []), proxyRoleName(name)];
}

/** Names by their kind. */
type Names = Readonly<Record<string, readonly string[]>>;

function networkNames(name: string): Names {
  const flowLogs = `${name}-vpc-flow-logs`;
  return { "IAM role": [flowLogs], "KMS alias": [`alias/${name}-network`], "log group": [flowLogs] };
}

function eksNames(name: string, { addons }: ClusterConfig): Names {
  const roles = ["cluster", "node", ...addons.filter((addon) => addonFacts(addon).permissions)];
  return {
    "EKS cluster": [name],
    "IAM role": roles.map((each) => `${name}-eks-${each}`),
    "KMS alias": [`alias/${name}-eks`],
    "log group": [`/aws/eks/${name}/cluster`],
  };
}

function databaseNames(
  name: string,
  { engineVersion, readers }: Pick<DatabaseConfig, "engineVersion" | "readers">,
): Names {
  return {
    "database cluster": [name],
    "database instance": Array.from({ length: readers + 1 }, (_, index) => `${name}-${index + 1}`),
    "parameter group": [`${name}-aurora-postgresql${engineVersion.split(".")[0]}`],
    "subnet group": [`${name}-database`],
    "IAM role": [`${name}-database-monitoring`],
    "KMS alias": [`alias/${name}-database`],
    "log group": ["iam-db-auth-error", "postgresql"].map((log) => `/aws/rds/cluster/${name}/${log}`),
  };
}

function proxyNames(name: string, { readerEndpoint }: ProxyConfig): Names {
  return {
    "database proxy": [name],
    "endpoint of a proxy": readerEndpoint ? [`${name}-readers`] : [],
    "IAM role": [proxyRoleName(name)],
    "KMS alias": [`alias/${name}-database-proxy`],
    "log group": [`/aws/rds/proxy/${name}`],
  };
}

function bastionNames(name: string): Names {
  return {
    "IAM role": [`${name}-bastion`],
    "KMS alias": [`alias/${name}-bastion`],
    "log group": [`${name}-bastion-shell`],
  };
}
