import { describe, expect, test } from "@jest/globals";
import { accessPlan } from "../../../../model/access/plan";
import type { RuledAccess, RuledIdentity } from "../../../../model/config/review/ruled-access";
import { ruledAccess } from "../../../../model/config/review/rules";
import { DEFAULT_RULES } from "../../../../model/config/review/schema";
import type { RulesAsked } from "../../../../model/config/review/standing-rule";
import { breachesOf, RULE_NAMES } from "../../../../model/config/review/standing-rules";
import type { Level } from "../../../../model/postgresql/levels";
import { schemaTarget } from "../../../../model/postgresql/names";
import { parse, testEnvironment } from "../../../helpers/environment";
import { withAccess } from "../mistakes";

const OWN = "123456789012";
const OTHER = "210987654321";

const grants = (all: Readonly<Record<string, Level>>) =>
  Object.entries(all).map(([target, level]) => ({ ...schemaTarget(target), level }));
const service = (
  key: string,
  granted: Readonly<Record<string, Level>>,
  namespace = "shop",
): RuledIdentity => ({
  kind: "service",
  key,
  namespace,
  grants: grants(granted),
});
const people = (
  key: string,
  granted: Readonly<Record<string, Level>>,
  ...accounts: string[]
): RuledIdentity => ({
  kind: "people",
  key,
  principals: accounts.map((account) => `arn:aws:iam::${account}:role/Any`),
  grants: grants(granted),
});
const access = (...identities: RuledIdentity[]): RuledAccess => ({ account: OWN, identities });
const asking = (rules: Partial<RulesAsked>): RulesAsked => ({ ...DEFAULT_RULES.rules, ...rules });

/** What breaks rules, as `rule: subject: text`. */
function breaches(rules: Partial<RulesAsked>, ...identities: RuledIdentity[]): string[] {
  return RULE_NAMES.flatMap((name) =>
    breachesOf(name, asking(rules), access(...identities)).map(
      ({ subject, text }) => `${name}: ${subject}: ${text}`,
    ),
  );
}

describe("people have at most a level", () => {
  const READER = people("reader", { "shop.orders": "read-only" }, OWN);
  const WRITER = people("writer", { "shop.billing": "read-only", "shop.orders": "read-write" }, OWN);
  const OWNER = people("x-migrations", { "shop.orders": "owner" }, OWN);

  test.each<[Level | "any", string[]]>([
    ["read-only", ["writer", "x-migrations"]],
    ["read-write", ["x-migrations"]],
    ["owner", []],
    ["any", []],
  ])("which is %s", (peopleAtMost, keys) => {
    const found = breachesOf("peopleAtMost", asking({ peopleAtMost }), access(READER, WRITER, OWNER));
    expect(found.map(({ subject }) => subject)).toEqual(keys);
  });

  test("and what they have more is named", () => {
    expect(breaches({}, WRITER)).toEqual([
      "peopleAtMost: writer: has read-write on shop.orders, and people may have at most read-only",
    ]);
  });

  test("which does not hold for what runs on EKS, Lambda, ECS or EC2", () => {
    const api = service("orders-api", { "shop.orders": "read-write" });
    expect(breaches({}, api, { ...api, kind: "workload" })).toEqual([]);
  });

  test.each(["principals", "role"] as const)(
    "as may be those of a service by %s: nobody here can tell",
    (kind) => {
      const { namespace: _, ...ci } = service("ci", { "shop.orders": "read-write" });
      expect(breaches({}, { ...ci, kind })).toEqual([
        "peopleAtMost: ci: has read-write on shop.orders, and whoever takes its IAM role may be people, who may have at most read-only",
      ]);
      expect(breaches({ peopleAtMost: "read-write" }, { ...ci, kind })).toEqual([]);
    },
  );
});

describe("only some may own", () => {
  const owner = (key: string) => service(key, { "shop.orders": "owner" });

  test("by default whoever is called after migrations", () => {
    expect(breaches({}, owner("orders-migrations"), owner("orders-api"), owner("migrations"))).toEqual([
      "owners: orders-api: owns shop.orders, and only *-migrations may own a schema",
      "owners: migrations: owns shop.orders, and only *-migrations may own a schema",
    ]);
  });

  test.each<[readonly string[] | "any", string[]]>([
    [["a-b"], ["a", "a-c-b", "xa-b", "a-bx"]],
    [["a*b"], ["a", "xa-b", "a-bx"]],
    [["*b"], ["a", "a-bx"]],
    [["a*"], ["xa-b"]],
    [["a*a"], ["a", "a-b", "a-c-b", "xa-b", "a-bx"]],
    [
      ["a", "x*"],
      ["a-b", "a-c-b", "a-bx"],
    ],
    [[], ["a", "a-b", "a-c-b", "xa-b", "a-bx"]],
    ["any", []],
  ])("when these are %j, not %j", (owners, keys) => {
    const all = access(...["a", "a-b", "a-c-b", "xa-b", "a-bx"].map(owner));
    expect(breachesOf("owners", asking({ owners }), all).map(({ subject }) => subject)).toEqual(keys);
  });

  test("or nobody", () => {
    expect(breaches({ owners: [] }, owner("a-migrations"))).toEqual([
      "owners: a-migrations: owns shop.orders, and nobody may own a schema",
    ]);
  });

  test("which does not keep anybody from writing", () => {
    expect(breaches({ owners: [] }, service("orders-api", { "shop.orders": "read-write" }))).toEqual([]);
  });
});

describe("principals are of the environment's account", () => {
  const AUDITORS = people("auditors", { "shop.orders": "read-only" }, OWN, OTHER);

  test("or the principals that are not are named", () => {
    expect(breaches({}, AUDITORS)).toEqual([
      `accounts: auditors: can be arn:aws:iam::${OTHER}:role/Any, and principals must be of ${OWN}`,
    ]);
    expect(breaches({ accounts: ["111111111111"] }, AUDITORS)).toEqual([
      `accounts: auditors: can be arn:aws:iam::${OTHER}:role/Any, and principals must be of ${OWN}, 111111111111`,
    ]);
  });

  test("or of those that are listed, or of any", () => {
    expect(breaches({ accounts: [OTHER] }, AUDITORS)).toEqual([]);
    expect(breaches({ accounts: "any" }, AUDITORS)).toEqual([]);
    expect(breaches({}, people("on-call", { "shop.orders": "read-only" }, OWN))).toEqual([]);
  });

  test("also those of a service", () => {
    const { namespace: _, ...ci } = service("ci", { "shop.orders": "read-only" });
    const principals = [`arn:aws:iam::${OTHER}:role/Deploy`];
    expect(breaches({}, { ...ci, kind: "principals", principals })).toEqual([
      `accounts: ci: can be arn:aws:iam::${OTHER}:role/Deploy, and principals must be of ${OWN}`,
    ]);
    expect(breaches({ accounts: [OTHER] }, { ...ci, kind: "principals", principals })).toEqual([]);
  });

  test.each(["*", OTHER, "", "arn:aws:iam"])("and nobody can say whose %j is", (principal) => {
    const found = breaches({}, { ...AUDITORS, principals: [principal] });
    expect(found).toHaveLength(1);
  });
});

describe("owners are apart", () => {
  const MIGRATIONS = service("orders-migrations", { "shop.orders": "owner" });
  const API = service("orders-api", { "shop.orders": "read-write" });
  const rules = { namespaces: "owners-apart" } as const;

  test("in namespaces of their own", () => {
    expect(breaches(rules, MIGRATIONS, API, service("web", { "shop.orders": "read-only" }))).toEqual([
      "namespaces: shop: in this namespace, whoever may start pods for orders-api, web can be orders-migrations, and services that own schemas must be in namespaces of their own",
    ]);
    expect(breaches(rules, MIGRATIONS, { ...API, namespace: "api" })).toEqual([]);
    expect(breaches(rules, MIGRATIONS, service("a-migrations", { "shop.billing": "owner" }))).toEqual([]);
    expect(breaches(rules, API, service("web", { "shop.orders": "read-only" }))).toEqual([]);
  });

  test("which people, who are in none, do not break", () => {
    const owners = people("x-migrations", { "shop.orders": "owner" }, OWN);
    const readers = people("on-call", { "shop.orders": "read-only" }, OWN);
    expect(breaches({ ...rules, peopleAtMost: "any" }, owners, readers)).toEqual([]);
  });

  test("if somebody asks for it", () => {
    expect(breaches({}, MIGRATIONS, API)).toEqual([]);
  });
});

describe("so many may write to a schema", () => {
  const ALL = [
    service("a-api", { "shop.orders": "read-write", "shop.billing": "read-only" }),
    service("a-migrations", { "shop.orders": "owner" }),
    people("on-call", { "shop.orders": "read-write", "shop.billing": "read-write" }, OWN),
    service("web", { "shop.orders": "read-only" }),
  ];
  const rules = (writersPerSchema: number | "any") => ({ peopleAtMost: "any", writersPerSchema }) as const;

  test("its owner and people among them", () => {
    expect(breaches(rules(2), ...ALL)).toEqual([
      "writersPerSchema: shop.orders: a-api, a-migrations, on-call may write, and at most 2 may",
    ]);
    expect(breaches(rules(3), ...ALL)).toEqual([]);
  });

  test("if somebody asks for it", () => {
    expect(breaches(rules("any"), ...ALL)).toEqual([]);
  });
});

describe("a plan of another version", () => {
  const other: RuledAccess = JSON.parse(
    JSON.stringify(
      access(
        { ...service("lambda", { "shop.orders": "read-write" }) },
        service("a-api", { "shop.orders": "read-only" }),
      ),
    )
      .replace('"service"', '"lambda"')
      .replace('"read-only"', '"superuser"'),
  );

  test("may have kinds of identities and levels that are not known: they break what they might break", () => {
    const strict = asking({ writersPerSchema: 1, namespaces: "owners-apart" });
    const found = RULE_NAMES.flatMap((name) =>
      breachesOf(name, strict, other).map(({ subject }) => `${name} ${subject}`),
    );
    expect(found).toEqual([
      "peopleAtMost lambda",
      "owners a-api",
      "namespaces shop",
      "writersPerSchema shop.orders",
    ]);
  });

  test("and a level that is not known is more than any", () => {
    const people = {
      ...other,
      identities: other.identities.map((each) => ({ ...each, kind: "people" as const })),
    };
    const found = breachesOf("peopleAtMost", asking({ peopleAtMost: "owner" }), people);
    expect(found.map(({ subject, ways }) => [subject, ways])).toEqual([["a-api", ["shop.orders superuser"]]]);
  });
});

test("a file and its plan break the same rules in the same ways", () => {
  const rules = asking({ owners: ["orders-*"], namespaces: "owners-apart", writersPerSchema: 1 });
  const sorted = (from: RuledAccess) =>
    RULE_NAMES.map((name) =>
      breachesOf(name, rules, from)
        .map(({ subject, ways }) => [subject, [...ways].sort()])
        .sort(),
    );
  const text = withAccess(`access:
  databases: { shop: [billing, orders] }
  namespaces: { shop: {} }
  services:
    orders-api: { namespace: shop, grants: { shop.orders: read-write } }
    console: { namespace: shop, grants: { shop.orders: owner } }
  people:
    on-call:
      principals: ["arn:aws:iam::${OTHER}:role/OnCall"]
      grants: { shop.orders: read-write, shop.billing: read-write }
`);
  for (const environment of [parse(text), testEnvironment("dev"), testEnvironment("prod")]) {
    const fromFile = sorted(ruledAccess(environment));
    expect(fromFile).toEqual(sorted(accessPlan(environment)));
    expect(fromFile.flat().length).toBeGreaterThan(3);
  }
});
