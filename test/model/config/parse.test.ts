import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { LEVEL_NAMES } from "../../../model/postgresql/levels";
import { MINIMAL, parse, problemsOf } from "../../helpers/environment";
import { withAccess, withServices } from "./mistakes";

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
    const text = withServices(`a: &a { namespace: shop, grants: { shop.orders: read-only } }
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
    expect(problemsOf(withServices("x: { namespace: a, grants: { constructor.x: owner } }"))[0]).toMatch(
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

describe("text that is hostile", () => {
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
    // Escaped, so that it gets as far as the schema: as it is, some of it is no YAML.
    const yaml = JSON.stringify(text).replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);
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
      expect(problemsOf(withServices(services))[0]).toMatch(/^7:\d+: /);
    }
    expect(
      problemsOf(
        withServices("a: { namespace: a, grants: { shop.orders: owner } }", `{ shop: [orders, ${yaml}] }`),
      )[0],
    ).toMatch(/^5:/);
  });

  test("tags may be in any script, as AWS allows", () => {
    expect(parse(withYaml('tags: { "équipe": "プラットフォーム 1/2" }\n')).tags).toEqual({
      équipe: "プラットフォーム 1/2",
    });
  });
});
