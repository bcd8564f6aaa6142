import type { Partition } from "../aws/regions";
import type { EnvironmentFile } from "./schema";
import type { Warning } from "./warnings";

/** The network of an environment, with its zones by name. */
export type NetworkConfig = Omit<EnvironmentFile["network"], "availabilityZones"> & {
  /** Zone names, sorted: two to six. */
  readonly zones: readonly string[];
};

/** The cluster of an environment. */
export type ClusterConfig = EnvironmentFile["cluster"];

/** The database of an environment, with the certificates to trust. */
export type DatabaseConfig = Omit<EnvironmentFile["database"], "existing" | "bastion" | "caBundle"> & {
  readonly existing?: ExistingDatabase;
  /** Whether there is an instance that Session Manager tunnels through. */
  readonly bastion: boolean;
  /** CA certificates of RDS in the environment's region, PEM. */
  readonly caBundle: string;
};

/** The proxy in front of a database. */
export type ProxyConfig = NonNullable<EnvironmentFile["database"]["proxy"]>;

/** A VPC, a cluster and a database that are there already. With one of them, the rest of its part is defaults and unused. */
export type ExistingNetwork = NonNullable<EnvironmentFile["network"]["existing"]>;
export type ExistingCluster = NonNullable<EnvironmentFile["cluster"]["existing"]>;
export type ExistingDatabase = Omit<
  NonNullable<EnvironmentFile["database"]["existing"]>,
  "cluster" | "instance"
> & {
  /** What it is in RDS: an Aurora or Multi-AZ cluster, or an instance of its own. */
  readonly kind: "cluster" | "instance";
  /** Its RDS identifier. */
  readonly identifier: string;
};

/** Databases, services and people of an environment. */
export type AccessConfig = EnvironmentFile["access"];

/** A part of `access` that declares identities, by name. What else `access` holds is listed here. */
export type IdentitySection = Exclude<
  keyof AccessConfig,
  "accounts" | "adopted" | "databases" | "defaults" | "namespaces" | "permissionsBoundary" | "renamed"
>;

/** The message board of an environment. */
export type DemoConfig = NonNullable<EnvironmentFile["demo"]>;

/**
 * A validated environment: every default filled in, every map in sorted order of its keys, so that nothing
 * downstream can depend on the order in the file.
 */
export type Environment = Omit<EnvironmentFile, "network" | "database"> & {
  /** The file's path from the project, or its name alone when it lies elsewhere; shown in reports. */
  readonly file: string;
  /** The folder that the file is in, as the user named it: what `review.folder` is below. @default the file names none */
  readonly directory?: string;
  readonly partition: Partition;
  readonly network: NetworkConfig;
  readonly database: DatabaseConfig;
  /** What may be meant in the file, and is more often a mistake; whoever loads it says so. */
  readonly warnings: readonly Warning[];
  /** Which builds of Terraform's providers all stacks take, from the lock file beside it. @default what `init` is given */
  readonly providerLock?: string;
};
