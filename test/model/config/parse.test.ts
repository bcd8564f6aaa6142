import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { LEVEL_NAMES } from "../../../model/postgresql/levels";
import { MINIMAL, parse, problemsOf } from "../../helpers/environment";

/** The minimal file with further top-level YAML. */
const withYaml = (yaml: string) => `${MINIMAL}${yaml}`;

/** The minimal file with another `access`. */
const withAccess = (yaml: string) => `${MINIMAL.slice(0, MINIMAL.indexOf("access:"))}${yaml}`;

const access = (services: string, databases = "{ shop: [billing, orders] }") =>
  withAccess(`access:\n  databases: ${databases}\n  services:\n${services.replace(/^/gm, "    ")}\n`);

describe("a file with only what is required", () => {
  test("gets every documented default", () => {
    const { network, cluster, database, tags, backend } = parse();
    expect(network).toEqual({
      cidr: "10.0.0.0/16",
      zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
      natGateways: "single",
      interfaceEndpoints: [],
      flowLogsRetentionDays: 365,
    });
    expect(cluster).toEqual({
      version: "1.34",
      publicAccessCidrs: [],
      addons: ["coredns", "kube-proxy", "vpc-cni"],
      nodeGroups: { general: { instanceTypes: ["m7g.large"], minSize: 2, maxSize: 6, diskGiB: 50 } },
      logsRetentionDays: 365,
    });
    expect(database).toMatchObject({
      engineVersion: "17.5",
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
  databases:
    shop: [billing, orders]
region: eu-west-1
name: test
account: "123456789012"
`;
    expect(JSON.stringify(parse(reordered))).toBe(JSON.stringify(parse()));
  });

  test("anchors and merge keys are understood, and an error inside one points at where it is written", () => {
    const text = access(`a: &a { namespace: shop, grants: { shop.orders: read-only } }
b: { <<: *a, namespace: other }
c: { <<: [*a], namespace: third, serviceAccount: x }`);
    expect(parse(text).access.services.b).toEqual({
      namespace: "other",
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
    [withYaml("name: again\n"), /^11:1: the key "name" is there twice; remove one$/],
    [withYaml("tags:\n\tteam: x\n"), /^12:1: .*[Tt]ab/],
    [withYaml("---\nname: x\n"), /a second document starts here/],
    [withYaml("tags: { a: *nowhere }\n"), /^11:12: the anchor &nowhere is not defined above/],
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

  test("names that are special to JavaScript are names like any other", () => {
    const { access } = parse(
      withAccess(`access:
  databases: { constructor: [toString, valueOf], hasOwnProperty: [__proto__] }
  services:
    constructor: { namespace: constructor, grants: { constructor.toString: owner } }
    valueof: { namespace: constructor, grants: { hasOwnProperty.__proto__: read-only } }
`),
    );
    expect(Object.keys(access.databases)).toEqual(["constructor", "hasOwnProperty"]);
    expect(Object.keys(access.services)).toEqual(["constructor", "valueof"]);
  });

  test("keys that are special to JavaScript are unknown keys like any other", () => {
    expect(problemsOf(withYaml("constructor: x\n"))[0]).toMatch(/^11:1: unknown key "constructor"/);
    expect(problemsOf(withYaml("__proto__: { name: x }\n"))[0]).toMatch(
      /^11:1: the name "__proto__" cannot be used/,
    );
    expect(problemsOf(access("x: { namespace: a, grants: { constructor.x: owner } }"))[0]).toMatch(
      /^7:\d+: "constructor.x" is not declared/,
    );
  });

  test("whatever the text, the answer is an environment or problems with a place, never a crash", () => {
    const pieces = MINIMAL.split(/(?<=[\s:{},[\]"])/);
    const mutated = fc
      .array(fc.tuple(fc.nat(pieces.length - 1), fc.string({ unit: "binary", maxLength: 12 })), {
        maxLength: 4,
      })
      .map((edits) => {
        const copy = [...pieces];
        for (const [index, text] of edits) copy[index] = text;
        return copy.join("");
      });
    fc.assert(
      fc.property(mutated, (text) => {
        for (const problem of problemsOf(text)) expect(problem).toMatch(/^\d+:\d+: \S/);
      }),
      { numRuns: 300 },
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

  test.each<[string, string]>([
    ["account: 123456789012\nregion: eu-west-1\nname: x\n", "access"],
    ['name: x\naccount: "123456789012"\nregion: eu-west-1\naccess: {}\n', "databases"],
    [MINIMAL.replace(/^region.*\n/m, ""), "region"],
  ])("%j names the key that is missing", (text, key) => {
    expect(problemsOf(text).join("\n")).toContain(`the key "${key}" is missing; add it, such as ${key}: `);
  });
});

describe("one value", () => {
  test.each<[string, string]>([
    ["cluster: { version: 1.30 }", '11:21: must be text; put it in quotes: "1.30"'],
    ["database: { deletionProtection: yes }", '11:33: must be true or false, got: "yes"'],
    ["database: { readers: -1 }", "11:22: must be a whole number from 0 to 15, got: -1"],
    ["database: { readers: 1.5 }", "11:22: must be a whole number from 0 to 15, got: 1.5"],
    ["database: { engineVersion: '14.9' }", "11:28: must be an Aurora PostgreSQL version from 15 on"],
    [
      "database: { capacity: big }",
      "11:23: must be serverless { minAcu, maxAcu } or provisioned { instanceClass }",
    ],
    [
      "database: { caBundle: nowhere.pem }",
      '11:23: "nowhere.pem": there is no such file or folder; the path is relative to this file',
    ],
    [
      "network: { natGateways: Single }",
      '11:25: must be one of none, single, per-zone, got: "Single". Did you mean "single"?',
    ],
    ["network: { availabilityZones: 7 }", "11:31: must be a whole number from 2 to 6, got: 7"],
    ["network: { availabilityZones: 5 }", "11:31: eu-west-1 has 3 zones that fit"],
    ["network: { availabilityZones: [eu-west-1a] }", "must have at least 2 items"],
    [
      "network: { availabilityZones: [eu-west-1a, eu-west-1a] }",
      '11:44: the zone "eu-west-1a" is listed twice',
    ],
    [
      "network: { availabilityZones: [eu-west-1a, us-east-1a] }",
      '11:44: "us-east-1a" is not a zone of eu-west-1',
    ],
    [
      "network: { availabilityZones: [eu-west-1a, eu-west-1z] }",
      '11:44: "eu-west-1z" is not a zone of eu-west-1',
    ],
    ["network: { cidr: 10.40.1.0/16 }", "11:18: 10.40.1.0/16 is not aligned: did you mean 10.40.0.0/16?"],
    ["network: { cidr: 10.40.0.0/25 }", "11:18: 10.40.0.0/25 must be a block of size /16 to /24"],
    ["network: { cidr: 10.0.0.0/8 }", "11:18: 10.0.0.0/8 must be a block of size /16 to /24"],
    ["network: { cidr: 8.8.0.0/16 }", "11:18: 8.8.0.0/16 is not private address space"],
    ["network: { cidr: 10.0.300.0/16 }", "11:18: must be an IPv4 CIDR block such as 10.40.0.0/16"],
    [
      "network: { cidr: 10.0.0.0/24, availabilityZones: [eu-west-1a, eu-west-1e] }",
      "zone eu-west-1e needs a VPC of /23 or larger",
    ],
    [
      "network: { natGateways: none }",
      "add ec2, ecr.api, ecr.dkr, sts, ssm, ssmmessages to interfaceEndpoints",
    ],
    ["network: { flowLogsRetentionDays: 31 }", "11:35: must be one of 1, 3, 5, 7, 14"],
    ["cluster: { publicAccessCidrs: [0.0.0.0/0] }", "11:32: 0.0.0.0/0 opens the Kubernetes API"],
    ["cluster: { administrators: ['arn:aws:iam::123456789012:root'] }", "11:29: must be an ARN such as"],
    ["cluster: { administrators: ['arn:aws:iam::123456789012:role/*'] }", "11:29: must be an ARN such as"],
    [
      "cluster: { administrators: ['arn:aws-cn:iam::123456789012:role/x'] }",
      "the ARN's partition is aws-cn, but must be aws",
    ],
    ["cluster: { nodeGroups: { a: { minSize: 3, maxSize: 2 } } }", "11:40: minSize 3 is more than maxSize 2"],
    [
      "cluster: { nodeGroups: { a: { instanceTypes: [m7g.large, m7i.large] } } }",
      "11:31: m7g.large is arm64 and m7i.large is x86_64",
    ],
    ["cluster: { addons: [coredns, coredns] }", '11:30: "coredns" is listed twice'],
    ["cluster: { nodeGroups: { a: { minSize: 0 } } }", "11:12: coredns needs a node to run on"],
    ["cluster: { nodeGroups: {} }", "11:12: must hold at least one node group"],
    ["cluster: { nodeGroups: { A_b: {} } }", '11:26: the name "A_b" must be a DNS label'],
    ["tags: { Name: x }", '11:9: the tag "Name" is set by the project'],
    ["tags: { Team: x, team: y }", '11:18: the tag "team" differs from another only in case'],
    ["tags: { 'aws:x': y }", '11:9: the name "aws:x" must not start with aws:'],
    ["backend: { bucket: My_Bucket, region: eu-west-1 }", "11:20: must be the name of an S3 bucket"],
  ])("%s", (yaml, problem) => {
    const problems = problemsOf(withYaml(`${yaml}\n`));
    expect(problems.join("\n")).toContain(problem);
    expect(problems).toHaveLength(1);
  });

  const hostile = [
    'a"b',
    "a'b",
    "$" + "{var.x}",
    "%" + "{if true}",
    "a\nb",
    "a\u0000b",
    "‮evil",
    "a`b",
    "a\\b",
    "<b>",
    "a;b",
  ];
  test.each(hostile)("the hostile text %j is refused in every field that takes text", (text) => {
    const yaml = JSON.stringify(text);
    for (const line of [
      `tags: { a: ${yaml} }`,
      `tags: { ${yaml}: a }`,
      `backend: { bucket: ${yaml}, region: eu-west-1 }`,
      `network: { interfaceEndpoints: [${yaml}] }`,
      `network: { availabilityZones: [${yaml}, eu-west-1a] }`,
      `cluster: { administrators: [${yaml}] }`,
      `cluster: { addons: [${yaml}] }`,
      `cluster: { nodeGroups: { ${yaml}: {} } }`,
      `cluster: { nodeGroups: { a: { instanceTypes: [${yaml}] } } }`,
      `database: { alarmTopicArn: ${yaml} }`,
      `database: { capacity: { instanceClass: ${yaml} } }`,
      `database: { caBundle: ${yaml} }`,
      `demo: { image: ${yaml}, service: a, migrations: b }`,
    ]) {
      const problems = problemsOf(withYaml(`${line}\n`));
      expect(problems.length).toBeGreaterThan(0);
      for (const problem of problems) expect(problem).toMatch(/^11:\d+: [^\n]*$/);
    }
    for (const services of [
      `${yaml}: { namespace: a, grants: { shop.orders: owner } }`,
      `a: { namespace: ${yaml}, grants: { shop.orders: owner } }`,
      `a: { namespace: a, serviceAccount: ${yaml}, grants: { shop.orders: owner } }`,
      `a: { namespace: a, grants: { ${yaml}: owner } }`,
      `a: { namespace: a, grants: { shop.orders: ${yaml} } }`,
    ]) {
      expect(problemsOf(access(services))[0]).toMatch(/^7:\d+: /);
    }
    expect(
      problemsOf(
        access("a: { namespace: a, grants: { shop.orders: owner } }", `{ shop: [orders, ${yaml}] }`),
      )[0],
    ).toMatch(/^5:/);
  });

  test("tags may be in any script, as AWS allows", () => {
    expect(parse(withYaml('tags: { "équipe": "プラットフォーム 1/2" }\n')).tags).toEqual({
      équipe: "プラットフォーム 1/2",
    });
  });
});

describe("access", () => {
  test.each<[string, string, string]>([
    [
      "no DNS label",
      "Orders_API: { namespace: a, grants: { shop.orders: owner } }",
      '7:5: the name "Orders_API" must be a DNS label',
    ],
    [
      "a key that starts with a digit",
      "1a: { namespace: a, grants: { shop.orders: owner } }",
      '7:5: the name "1a" must start with a letter',
    ],
    [
      "a schema not declared",
      "a: { namespace: a, grants: { shop.order: owner } }",
      '7:34: "shop.order" is not declared under access.databases. Did you mean "shop.orders"?',
    ],
    [
      "the admin's name",
      "postgres: { namespace: a, grants: { shop.orders: owner } }",
      '7:5: the database user "postgres" is the database\'s admin',
    ],
    [
      "a name of RDS",
      "rdsadmin: { namespace: a, grants: { shop.orders: owner } }",
      '7:5: the database user "rdsadmin" starts with rds',
    ],
    [
      "a name of PostgreSQL",
      "pg-monitor: { namespace: a, grants: { shop.orders: owner } }",
      '7:5: the database user "pg_monitor" starts with pg_',
    ],
    [
      "public",
      "public: { namespace: a, grants: { shop.orders: owner } }",
      '7:5: the database user "public" has a meaning of its own',
    ],
    [
      "two owner grants",
      "a: { namespace: a, grants: { shop.orders: owner, shop.billing: owner } }",
      "7:24: 2 owner grants on one identity (shop.orders, shop.billing)",
    ],
    [
      "an owner grant and another",
      "a: { namespace: a, grants: { shop.orders: owner, shop.billing: read-only } }",
      "7:24: an owner grant stands alone",
    ],
    [
      "a user that is a group role",
      "shop-orders-rw: { namespace: a, grants: { shop.orders: owner } }",
      '7:5: the database user "shop_orders_rw" is a group role of shop.orders',
    ],
    [
      "an IAM role name that is too long",
      `${"a".repeat(60)}: { namespace: a, grants: { shop.orders: owner } }`,
      "would have 68 characters, and IAM allows 64; shorten the name by 4",
    ],
    [
      "two services on one ServiceAccount",
      "a: { namespace: n, serviceAccount: b, grants: { shop.orders: read-only } }\nb: { namespace: n, grants: { shop.orders: read-only } }",
      '8:5: the ServiceAccount n/b is that of "a" already',
    ],
    [
      "the default ServiceAccount",
      "a: { namespace: n, serviceAccount: default, grants: { shop.orders: owner } }",
      "7:40: every pod without a ServiceAccount",
    ],
    [
      "a namespace of Kubernetes",
      "a: { namespace: kube-system, grants: { shop.orders: owner } }",
      '7:21: the namespace "kube-system" belongs to Kubernetes',
    ],
    [
      "a database without a grant in it",
      "a: { namespace: n, database: nope, grants: { shop.orders: owner } }",
      '7:34: the service has no grant in the database "nope"',
    ],
  ])("%s is refused", (_, services, problem) => {
    const problems = problemsOf(access(services));
    expect(problems.join("\n")).toContain(problem);
    expect(problems).toHaveLength(1);
  });

  test.each<[string, string, string]>([
    [
      "a reserved database",
      "{ shop: [orders], postgres: [x] }",
      'the database name "postgres" exists in every PostgreSQL cluster',
    ],
    [
      "a database RDS keeps",
      "{ shop: [orders], rdsadmin: [x] }",
      'the database name "rdsadmin" starts with rds',
    ],
    ["a reserved schema", "{ shop: [orders, pg_toast] }", 'the schema name "pg_toast" starts with pg_'],
    ["a schema listed twice", "{ shop: [orders, orders] }", 'schema "orders" is listed twice'],
    [
      "two derived role names that collide",
      "{ shop: [orders, a_b], shop_a: [b] }",
      'shop_a.b and shop.a_b would share the group role "shop_a_b_owner"',
    ],
    [
      "a group role over 63 bytes",
      `{ shop: [orders], ${"d".repeat(30)}: [${"s".repeat(30)}] }`,
      "would have 67 bytes, and PostgreSQL keeps 63",
    ],
    ["a name with a dot", "{ shop: [orders], a.b: [x] }", 'the name "a.b" must start with a letter'],
    ["a name over 63 bytes", `{ shop: [orders, ${"s".repeat(64)}] }`, "at most 63"],
  ])("%s is refused", (_, databases, problem) => {
    const problems = problemsOf(access("a: { namespace: n, grants: { shop.orders: owner } }", databases));
    expect(problems.join("\n")).toContain(problem);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^5:/);
  });

  test("a service with grants in two databases has to say which one it connects to", () => {
    const databases = "{ shop: [orders], stock: [items] }";
    const grants = "grants: { shop.orders: read-only, stock.items: read-only }";
    expect(problemsOf(access(`a: { namespace: n, ${grants} }`, databases))).toEqual([
      '7:5: the service has grants in shop and stock; add "database:" with the one its ConfigMap should name',
    ]);
    expect(problemsOf(access(`a: { namespace: n, database: stock, ${grants} }`, databases))).toEqual([]);
  });

  test("a person may not share a service's name", () => {
    const people =
      "  people:\n    orders-api: { principals: ['arn:aws:iam::123456789012:role/x'], grants: { shop.orders: read-only } }\n";
    expect(problemsOf(`${MINIMAL}${people}`)).toEqual([
      '12:5: "orders-api" is a service too, and both would be the database user "orders_api"; rename one',
    ]);
  });
});
