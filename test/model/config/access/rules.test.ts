import { describe, expect, test } from "@jest/globals";
import { MINIMAL, problemsOf, warningsOf } from "../../../helpers/environment";
import { withServices } from "../mistakes";

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
      "an owner grant and one that writes",
      "a: { namespace: a, grants: { shop.orders: owner, shop.billing: read-write } }",
      "7:24: beside shop.orders: owner only read-only in the same database may stand, since sessions run as the owner of shop.orders; give shop.billing to an identity of its own",
    ],
    [
      "owners of one schema that may do different things elsewhere",
      "{ a: { namespace: a, grants: { shop.orders: owner, shop.billing: read-only } }, b: { namespace: a, grants: { shop.orders: owner } } }",
      '7:104: "a" owns shop.orders, too, and both run as its owner, so that each may do what the other may; give both the same grants',
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
      '8:17: the namespace "kube-system" belongs to Kubernetes',
    ],
    [
      "a namespace that Kubernetes keeps the prefix of",
      "a: { namespace: kube-shop, grants: { shop.orders: owner } }",
      '8:17: the namespace "kube-shop" belongs to Kubernetes',
    ],
    [
      "a database without a grant in it",
      "a: { namespace: n, database: nope, grants: { shop.orders: owner } }",
      '7:34: the service has no grant in the database "nope"',
    ],
  ])("%s is refused", (_, services, problem) => {
    const problems = problemsOf(withServices(services));
    expect(problems.join("\n")).toContain(problem);
    expect(problems).toHaveLength(1);
  });

  test("an owner reads in its own database alone", () => {
    const file = (grants: string) =>
      `${MINIMAL.replace("[billing, orders]", "[billing, orders], warehouse: [stock]")}    a: { namespace: shop, database: shop, grants: { shop.orders: owner, ${grants}: read-only } }\n`;
    expect(problemsOf(file("shop.billing"))).toEqual([]);
    expect(problemsOf(file("warehouse.stock"))).toEqual([
      expect.stringContaining("beside shop.orders: owner only read-only in the same database may stand"),
    ]);
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
    ["a schema that RDS could want", "{ shop: [orders, RDS_x] }", 'the schema name "RDS_x" starts with rds'],
    [
      "a schema called like the admin, in any case",
      "{ shop: [orders, Postgres] }",
      'the schema "Postgres" is called like the database\'s admin, which would look names up in it first',
    ],
    [
      "a schema called like a login",
      "{ shop: [orders, a] }",
      '5:31: the schema "a" is called like the database user of the service "a"',
    ],
    [
      "a schema called like a group role of another database",
      "{ shop: [orders], stock: [SHOP_orders_rw] }",
      'the schema "SHOP_orders_rw" is called like a group role of shop.orders',
    ],
    ["a schema listed twice", "{ shop: [orders, orders] }", '5:31: "orders" is listed twice; remove one'],
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
    [
      "a database that differs from another only in case",
      "{ shop: [orders], Shop: [items] }",
      'the databases "shop" and "Shop" differ only in case, and without quotes they are one name; rename one',
    ],
    [
      "a schema that differs from another only in case",
      "{ shop: [orders, Orders] }",
      'the schemas "orders" and "Orders" differ only in case, and without quotes they are one name; rename one',
    ],
    ["a name with a dot", "{ shop: [orders], a.b: [x] }", 'the name "a.b" must start with a letter'],
    ["a name over 63 bytes", `{ shop: [orders, ${"s".repeat(64)}] }`, "at most 63"],
  ])("%s is refused", (_, databases, problem) => {
    const problems = problemsOf(
      withServices("a: { namespace: n, grants: { shop.orders: owner } }", databases),
    );
    expect(problems.join("\n")).toContain(problem);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^5:/);
  });

  test("nobody owns public: its owner would become the admin at the next deployment", () => {
    const services = (level: string) => `a: { namespace: a, grants: { shop.public: ${level} } }`;
    expect(problemsOf(withServices(services("owner"), "{ shop: [orders, public] }"))).toEqual([
      "7:47: shop.public stays the admin's: whoever creates in it could have the admin run its code; declare a schema of its own and grant owner on that",
    ]);
    expect(problemsOf(withServices(services("read-write"), "{ shop: [orders, public] }"))).toEqual([]);
  });

  test("a schema called like the admin of an existing database is refused", () => {
    const file = withServices(
      "a: { namespace: n, grants: { shop.orders: owner } }",
      "{ shop: [orders, root] }",
    );
    expect(problemsOf(file)).toEqual([]);
    expect(
      problemsOf(`${file}database: { existing: { cluster: shop, adminUser: root } }\n`).join("\n"),
    ).toContain('5:31: the schema "root" is called like the database\'s admin');
  });

  test("a service with grants in two databases has to say which one it connects to", () => {
    const databases = "{ shop: [orders], stock: [items] }";
    const grants = "grants: { shop.orders: read-only, stock.items: read-only }";
    expect(problemsOf(withServices(`a: { namespace: n, ${grants} }`, databases))).toEqual([
      '7:5: the service has grants in shop and stock; add "database:" with the one that PGDATABASE should name',
    ]);
    expect(problemsOf(withServices(`a: { namespace: n, database: stock, ${grants} }`, databases))).toEqual(
      [],
    );
  });

  test("a person may not share a service's name", () => {
    const people =
      "  people:\n    orders-api: { principals: ['arn:aws:iam::123456789012:role/x'], grants: { shop.orders: read-only } }\n";
    expect(problemsOf(`${MINIMAL}${people}`)).toEqual([
      '12:5: "orders-api" is a service too, and both would be the database user "orders_api"; rename one',
    ]);
  });

  test("MFA is not asked of sessions that never say they had it", () => {
    const people = (mfa: boolean) => `${MINIMAL}  people:
    on-call:
      principals:
        - arn:aws:iam::123456789012:user/ann
        - arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_OnCall_0123456789abcdef
      requireMfa: ${mfa}
      grants: { shop.orders: read-only }
`;
    expect(problemsOf(people(false))).toEqual([]);
    expect(problemsOf(people(true))).toEqual([
      "15:11: sessions of IAM Identity Center never say that they had MFA, so requireMfa would lock this principal out; require MFA in IAM Identity Center, and take requireMfa out",
    ]);
  });

  test("a service is in a namespace that is declared, and each that is not is said with what to add", () => {
    const text = MINIMAL.replace("{ shop: {} }", "{ shopp: {} }");
    expect(
      problemsOf(`${text}    b: { namespace: kube-public, grants: { shop.orders: read-only } }\n`),
    ).toEqual([
      '9:18: the namespace "shop" is not declared under access.namespaces; add shop: {} there, or shop: { existing: true } if it is not ours to make. Did you mean "shopp"?',
      '11:21: the namespace "kube-public" belongs to Kubernetes; name one of your own',
    ]);
    expect(problemsOf(MINIMAL.replace("  namespaces: { shop: {} }\n", ""))).toEqual([
      '8:18: the namespace "shop" is not declared under access.namespaces; add shop: {} there, or shop: { existing: true } if it is not ours to make',
    ]);
  });

  test("a name that YAML reads as something else is advised in quotes", () => {
    expect(problemsOf(MINIMAL.replace("namespace: shop", 'namespace: "42"'))).toEqual([
      expect.stringContaining('add "42": {} there, or "42": { existing: true } if'),
    ]);
  });

  test("what holds for pods is said of no namespace that is somebody else's", () => {
    const text = MINIMAL.replace(
      "{ shop: {} }",
      "{ shop: { existing: true, podSecurity: baseline, networkPolicy: none } }",
    );
    const whose =
      "is for namespaces that are made here, and this one is existing: whoever makes it says what holds for its pods; take";
    expect(problemsOf(text)).toEqual([
      `6:41: podSecurity ${whose} podSecurity out`,
      `6:64: networkPolicy ${whose} networkPolicy out`,
    ]);
    expect(problemsOf(text.replace("existing: true", "existing: false"))).toEqual([]);
  });

  test("a namespace of Kubernetes or of AWS may be somebody else's only where it is not Kubernetes' own", () => {
    const existing = (name: string) =>
      MINIMAL.replace("{ shop: {} }", `{ ${name}: { existing: true } }`).replace(
        "namespace: shop",
        `namespace: ${name}`,
      );
    expect(problemsOf(existing("amazon-seller"))).toEqual([]);
    expect(warningsOf(existing("amazon-seller"))).toEqual(warningsOf(MINIMAL));
    expect(problemsOf(existing("kube-system")).join()).toContain("belongs to Kubernetes");
  });

  test("a ServiceAccount of a service is made here or elsewhere, and is no other service's", () => {
    const text = (said: string) =>
      withServices(`a: { namespace: n, serviceAccount: ${said}, grants: { shop.orders: read-only } }
b: { namespace: n, grants: { shop.orders: read-only } }`);
    expect(problemsOf(text("{ existing: c }"))).toEqual([]);
    expect(problemsOf(text("{ existing: b }"))).toEqual([
      expect.stringContaining('the ServiceAccount n/b is that of "a" already'),
    ]);
    expect(problemsOf(text("{ existing: default }"))).toEqual([
      expect.stringContaining('every pod without a ServiceAccount of its own runs as "default"'),
    ]);
    expect(problemsOf(text("A_b"))[0]).toMatch(/^7:40: must be a DNS label/);
    expect(problemsOf(text("[x]"))[0]).toMatch(
      /^7:24: must be the name of a ServiceAccount, or \{ existing: name \}/,
    );
  });

  test("a namespace may be declared before a service is in it, and after the last one has left", () => {
    expect(problemsOf(MINIMAL.replace("{ shop: {} }", "{ later: {}, shop: {} }"))).toEqual([]);
  });
});

describe("a name that every query has to quote", () => {
  test.each([
    ["Orders", "has upper-case letters, which PostgreSQL folds to lower case"],
    ["order", "is a reserved word of SQL"],
    ["order-items", "has a hyphen, which is a minus to SQL"],
  ])("%s may be meant", (name, reason) => {
    const owner = `a: { namespace: n, grants: { shop.${name}: owner } }`;
    expect(warningsOf(withServices(owner, `{ shop: [${name}] }`))).toEqual([
      `5:23: every query has to put the schema "${name}" in quotes, since it ${reason}; choose a name of lower-case letters, digits and _`,
    ]);
    const shop = owner.replace(`shop.${name}`, `${name}.orders`);
    expect(warningsOf(withServices(shop, `{ ${name}: [orders] }`))).toEqual([
      `5:16: every query has to put the database "${name}" in quotes, since it ${reason}; choose a name of lower-case letters, digits and _`,
    ]);
  });

  test.each(["orders_2", "_x", "a$b", "names"])("%s is none", (name) => {
    const owner = `a: { namespace: n, grants: { shop.${name}: owner } }`;
    expect(warningsOf(withServices(owner, `{ shop: [${name}] }`))).toEqual([]);
  });
});

test("a namespace that add-ons of AWS may make may be meant", () => {
  expect(warningsOf(withServices("a: { namespace: amazon-seller, grants: { shop.orders: owner } }"))).toEqual(
    [
      '8:17: the namespace "amazon-seller" is named like those that add-ons of EKS make for themselves, such as amazon-cloudwatch; name one of your own',
    ],
  );
});

describe("principals of people", () => {
  const file = (principal: string) =>
    `${MINIMAL}  people:\n    on-call: { principals: ['${principal}'], grants: { shop.orders: read-only } }\n`;
  const role = "arn:aws:iam::123456789012:role";

  test.each<[string, string, string]>([
    [
      "a path with an empty part",
      `${role}/a//b`,
      "its path has an empty part; remove the slash that is too many",
    ],
    ["a path that starts with a slash", `${role}//b`, "its path has an empty part"],
    ["a path without a name", `${role}/a/`, "it ends with a slash and names nothing; add the name"],
    [
      "a name longer than IAM allows",
      `${role}/a/${"b".repeat(65)}`,
      "its name is longer than the 64 characters",
    ],
    [
      "a user's name longer than IAM allows",
      `arn:aws:iam::123456789012:user/${"b".repeat(65)}`,
      "its name is longer",
    ],
    [
      "a role of IAM Identity Center without its path",
      `${role}/AWSReservedSSO_Admin_0123456789abcdef`,
      "roles of IAM Identity Center have a path; write role/aws-reserved/sso.amazonaws.com/<region>/AWSReservedSSO_…",
    ],
    ["a service-linked role", `${role}/aws-service-role/x.amazonaws.com/X`, "only an AWS service can use"],
    [
      "the identity's own role",
      `${role}/test-db-on-call`,
      'this is the IAM role of the group of people "on-call", which this file makes; name a role or user of people',
    ],
    ["a service's role", `${role}/test-db-orders-api`, 'this is the IAM role of the service "orders-api"'],
    [
      "a session",
      "arn:aws:sts::123456789012:assumed-role/OnCall/jane",
      `must be the ARN of a role, not of one of its sessions; write ${role}/OnCall, with the role's path if it has one`,
    ],
    [
      "a session of IAM Identity Center",
      "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/jane",
      `write ${role}/aws-reserved/sso.amazonaws.com/<region>/AWSReservedSSO_Admin_0123456789abcdef, got:`,
    ],
    [
      "another partition",
      "arn:aws-cn:iam::123456789012:role/x",
      "the ARN's partition is aws-cn, but must be aws",
    ],
  ])("%s is refused", (_, principal, problem) => {
    const problems = problemsOf(file(principal));
    expect(problems.join("\n")).toContain(problem);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^12:29: /);
  });

  test.each([
    `${role}/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef`,
    `${role}/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef`,
    `${role}/team/a/${"b".repeat(64)}`,
    "arn:aws:iam::123456789012:user/jane@example.org",
  ])("%s is taken", (principal) => {
    expect(problemsOf(file(principal))).toEqual([]);
    expect(warningsOf(file(principal))).toEqual([]);
  });

  test("of another account may be meant", () => {
    expect(warningsOf(file("arn:aws:iam::210987654321:role/test-db-on-call"))).toEqual([
      '12:29: "arn:aws:iam::210987654321:role/test-db-on-call" is of another account, 210987654321: whoever administers that account decides who this is; name the account under access.accounts if that is meant, or else a role of 123456789012',
    ]);
  });
});
