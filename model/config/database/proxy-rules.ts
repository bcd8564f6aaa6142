import { connectManyStatement } from "../../aws/people-policies";
import { policyDocument } from "../../aws/policy-document";
import { partitionOf } from "../../aws/regions";
import { databaseUser } from "../../postgresql/names";
import { notThroughProxy } from "../access/through-proxy";
import type { Problem } from "../problem";
import type { EnvironmentFile } from "../schema";
import { noReaderEndpoint } from "./reader-endpoint";

const PATH = ["database", "proxy"];

/**
 * A proxy holds a connection to each instance, so that none ever pauses.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html
 */
export function proxyPauseProblems({ database: { proxy, capacity } }: EnvironmentFile): Problem[] {
  if (!proxy || !("minAcu" in capacity) || capacity.minAcu > 0) return [];
  const message =
    "a database with a proxy never pauses, since the proxy holds a connection to it: raise minAcu to 0.5 or more, or leave the proxy out";
  return [{ path: PATH, onKey: true, message }];
}

/** Of a proxy that leads to readers, that there are none. */
export function proxyReaderProblems({ database: { proxy, existing, readers } }: EnvironmentFile): Problem[] {
  if (!proxy?.readerEndpoint) return [];
  const none = noReaderEndpoint({
    readers,
    ...(existing && { existing: { kind: existing.cluster === undefined ? "instance" : "cluster" } }),
  });
  if (none === undefined) return [];
  return [{ path: [...PATH, "readerEndpoint"], onKey: true, message: `${none}; leave the key out` }];
}

/** The longest id that a database cluster or instance has: it is known only when the cluster is there. */
const RESOURCE_ID = `cluster-${"A".repeat(26)}`;

/**
 * What IAM stores of a role's own policies, white space not counted, for which there is no higher quota.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length
 */
const MOST = 10_240;

/** The policy by which the proxy connects names each of its database users. */
export function proxySizeProblems({ account, region, access, database }: EnvironmentFile): Problem[] {
  const { proxy } = database;
  const users = Object.entries(access.services)
    .filter(
      ([, service]) =>
        service.proxy !== false && notThroughProxy({ ...service, section: "services" }, proxy) === undefined,
    )
    .map(([key]) => databaseUser(key));
  const inAccount = { partition: partitionOf(region), region, account };
  const length = (some: readonly string[]) =>
    JSON.stringify(policyDocument(connectManyStatement(inAccount, RESOURCE_ID, some))).length;
  if (users.length === 0 || length(users) <= MOST) return [];
  const fit = users.filter((_, index) => length(users.slice(0, index + 1)) <= MOST).length;
  const message = `${users.length} services go through the proxy, and its IAM role has room for some ${fit} in its policy; add "proxy: false" to those that can do without`;
  return [{ path: PATH, onKey: true, message }];
}
