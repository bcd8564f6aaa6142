import { describe, expect, test } from "@jest/globals";
import { LEVEL_NAMES } from "../../../model/postgresql/levels";
import { MINIMAL, parse, problemsOf } from "../../helpers/environment";
import { withServices } from "./mistakes";

/** The minimal file with further top-level YAML. */
const withYaml = (yaml: string) => `${MINIMAL}${yaml}`;

describe("a file with only what is required", () => {
  test("gets every documented default", () => {
    const { network, cluster, database, tags, backend } = parse();
    expect(network).toEqual({
      cidr: "10.0.0.0/16",
      zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
      natGateways: "single",
      interfaceEndpoints: [],
      endpointPrincipals: "account",
      flowLogsRetentionDays: 365,
    });
    expect(cluster).toEqual({
      version: "1.36",
      publicAccessCidrs: [],
      extendedSupport: true,
      identity: "irsa",
      addons: ["coredns", "kube-proxy", "vpc-cni"],
      nodeGroups: { general: { instanceTypes: ["m7g.large"], minSize: 2, maxSize: 6, diskGiB: 50 } },
      logsRetentionDays: 365,
    });
    expect(database).toMatchObject({
      engineVersion: "17.10",
      capacity: { minAcu: 0.5, maxAcu: 8 },
      readers: 1,
      backupRetentionDays: 14,
      deletionProtection: true,
      bastion: true,
    });
    expect(tags).toEqual({});
    expect(backend).toBeUndefined();
  });

  test("trusts the region's current RDS certificates and no other region's", () => {
    const { caBundle } = parse().database;
    expect(caBundle.match(/BEGIN CERTIFICATE/g)).toHaveLength(3);
    expect(parse(MINIMAL.replace("eu-west-1", "us-east-1")).database.caBundle).not.toBe(caBundle);
  });

  test.each([
    ["cn-north-1", "aws-cn"],
    ["us-gov-west-1", "aws-us-gov"],
  ])("in %s asks for the certificates that do not come with the project", (region) => {
    expect(problemsOf(MINIMAL.replace("eu-west-1", region))).toEqual([
      `3:9: the CA certificates of RDS in ${region} do not come with the project; download https://truststore.pki.rds.amazonaws.com/${region}/${region}-bundle.pem and name the file in database.caBundle`,
    ]);
  });
});

describe("YAML", () => {
  test("the order of keys does not change the environment", () => {
    const reordered = `access:
  services:
    orders-api:
      grants: { shop.orders: read-write }
      namespace: shop
  namespaces:
    shop: {}
  databases:
    shop: [billing, orders]
region: eu-west-1
name: test
account: "123456789012"
`;
    expect(JSON.stringify(parse(reordered))).toBe(JSON.stringify(parse()));
  });

  test("anchors and merge keys are understood, and an error inside one points at where it is written", () => {
    const text = withServices(`a: &a { namespace: shop, grants: { shop.orders: read-only } }
b: { <<: *a, namespace: other }
c: { <<: [*a], namespace: third, serviceAccount: x }`);
    expect(parse(text).access.services.b).toEqual({
      namespace: "other",
      endpoint: "writer",
      grants: { "shop.orders": "read-only" },
    });
    expect(problemsOf(text.replace("read-only", "read"))).toContain(
      `7:53: must be one of ${LEVEL_NAMES.join(", ")}, got: "read"`,
    );
  });

  test.each([
    ["", /^1:1: the file is empty/],
    ["# only a comment\n", /^1:1: the file is empty/],
    ["just text", /^1:1: the file must be a map of keys to values, such as name: dev, got: "just text"$/],
    ["- a\n- b\n", /^1:1: the file must be a map of keys to values/],
    [withYaml("---\nname: x\n"), /a second document starts here/],
    [withYaml("tags: { a: !!binary aGk= }\n"), /^11:\d+: /],
    [withYaml("tags: { a: [ }\n"), /^11:/],
    [withYaml('tags: { a: "x }\n'), /^1[12]:/],
  ])("%j is refused with its place", (text, message) => {
    const problems = problemsOf(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]).toMatch(message);
  });

  test("a file of 5 MB is refused by its size", () => {
    expect(problemsOf(withYaml(`# ${"x".repeat(5 * 1024 * 1024)}`))).toEqual([
      "1:1: the file has 5.0 MiB; at most 1 MiB is read",
    ]);
  });

  test("aliases that multiply do not exhaust memory", () => {
    const bomb = Array.from({ length: 12 }, (_, i) =>
      i === 0
        ? "a0: &a0 [x, x]"
        : `a${i}: &a${i} [${Array(10)
            .fill(`*a${i - 1}`)
            .join(", ")}]`,
    ).join("\n");
    expect(problemsOf(`${MINIMAL}${bomb}\n`)[0]).toBe(
      "17:15: with this alias the file has over 1000000 values; write fewer",
    );
  });
});

describe("every mistake of a file", () => {
  test("is reported at once, in the order of the lines, whatever kind it is", () => {
    const text = `name: Dev
account: 123456789012
region: eu-wst-1
network: { cider: 10.0.0.0/16 }
database: { capacity: { minAcu: 8, maxAcu: 4 } }
access:
  databases: { shop: [orders] }
  services:
    a: { namespace: x, grants: { shop.oders: read-only } }
    b: { namespace: X, grants: {} }
`;
    expect(problemsOf(text).map((problem) => problem.replace(/,? got: .*$/, ""))).toEqual([
      "1:7: must be 1 to 12 lower-case letters, digits and hyphens, starting with a letter (but not with sg-) and not ending with a hyphen",
      '2:10: must be text; put it in quotes: "123456789012"',
      "3:9: must be an AWS region",
      '4:12: unknown key "cider". Did you mean "cidr"?',
      "5:33: minAcu 8 is more than maxAcu 4; lower it or raise maxAcu",
      '9:34: "shop.oders" is not declared under access.databases. Did you mean "shop.orders"?',
      "10:21: must be a DNS label: lower-case letters, digits and hyphens, at most 63, starting and ending with a letter or digit",
      "10:24: must hold at least one <database>.<schema>: level",
    ]);
  });

  test("is reported though a map around it had to be left out", () => {
    expect(
      problemsOf(
        `${MINIMAL}backend: { bucket: A }\nnetwork: { existing: { vpcId: x } }\ndatabase: { capacity: { minAcu: 9, maxAcu: 8 } }\n`,
      ).map((problem) => problem.replace(/[;,] .*$/, "")),
    ).toEqual([
      '11:1: the key "region" is missing',
      "11:20: must be the name of an S3 bucket: 3 to 63 lower-case letters",
      '12:12: the key "privateSubnetIds" is missing',
      '12:12: the key "databaseSubnetIds" is missing',
      "12:31: must be an id such as vpc-0123456789abcdef0",
      "13:33: minAcu 9 is more than maxAcu 8",
    ]);
  });
});
