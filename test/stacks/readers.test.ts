import { describe, expect, test } from "@jest/globals";
import { stackOf, synthApp } from "../helpers/app";
import { MINIMAL, parse } from "../helpers/environment";
import { oneIn } from "../helpers/extent";

// biome-ignore lint/suspicious/noExplicitAny: a resource of whatever shape
type Anything = any;

const FILE = `${MINIMAL}    reporting:
      namespace: shop
      endpoint: reader
      grants: { shop.orders: read-only }
`;
const WITHOUT = FILE.replace("      endpoint: reader\n", "");
const NETWORK = `network:
  existing:
    vpcId: vpc-0123456789abcdef0
    privateSubnetIds: [subnet-0000000000000000a, subnet-0000000000000000b]
    databaseSubnetIds: [subnet-0000000000000000c, subnet-0000000000000000d]
`;

/** Host names in the ConfigMap of each service, by its name in the file. */
function hosts(text: string) {
  const stacks = synthApp(parse(text));
  const access = stackOf(stacks, "test-access");
  const maps: Anything[] = Object.values(access.resource?.kubernetes_config_map_v1 ?? {});
  return {
    origin: access.locals?.["reader-endpoint"],
    database: stackOf(stacks, "test-database"),
    hosts: Object.fromEntries(
      maps
        .filter(({ data }) => data.PGHOST !== undefined)
        .map(({ metadata, data }) => [metadata.name, [data.PGHOST, data.PGHOST_READER]]),
    ),
  };
}

const [WRITER, READER] = ["${local.writer-endpoint}", "${local.reader-endpoint}"];

describe("a service's ConfigMap names", () => {
  test.each(
    oneIn(2, [
      ["a cluster made here", "", "aws_rds_cluster.aurora_cluster_"],
      [
        "an existing cluster",
        `${NETWORK}database: { existing: { cluster: shop } }\n`,
        "data.aws_rds_cluster.",
      ],
    ]),
  )("writer and readers of %s, and those alone for who works with readers", (_, database, is) => {
    const found = hosts(`${FILE}${database}`);
    expect(found.hosts).toEqual({
      "orders-api-database": [WRITER, READER],
      "reporting-database": [READER, undefined],
    });
    const output = /outputs\.([\w-]+)/.exec(String(found.origin))?.[1] ?? "";
    const value: unknown = found.database.output?.[output]?.value;
    expect(value).toMatch(/\.reader_endpoint\}$/);
    expect(value).toContain(is);
    expect(found.database.output?.["reader-endpoint"]?.value).toBe(value);
  });

  test.each(
    oneIn(2, [
      ["no readers", "database: { readers: 0 }\n"],
      ["an instance", `${NETWORK}database: { existing: { instance: shop } }\n`],
    ]),
  )("the writer alone of %s", (_, database) => {
    const found = hosts(`${WITHOUT}${database}`);
    expect(found.origin).toBeUndefined();
    expect(found.hosts).toEqual({
      "orders-api-database": [WRITER, undefined],
      "reporting-database": [WRITER, undefined],
    });
  });
});
