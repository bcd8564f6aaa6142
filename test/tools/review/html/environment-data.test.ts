import { describe, expect, test } from "@jest/globals";
import type { AccessPlan } from "../../../../model/access/plan";
import { environmentData } from "../../../../tools/review/html/environment-data";
import type { EnvironmentData } from "../../../../tools/review/html/page-data";
import { testFile } from "../../../helpers/environment";
import { DEV, devPlan, plan, WRITES_BILLING } from "./reviews";

function data(before: AccessPlan | undefined, after: AccessPlan | undefined): EnvironmentData {
  const found = environmentData({
    name: "dev",
    findings: [],
    counts: [],
    ...(before && { before }),
    ...(after && { after }),
  });
  if (!found) throw new Error("There is no data.");
  return found;
}

/** Rows as a person reads them. */
function rows({ identities, schemas, levels }: EnvironmentData): string[] {
  const name = (at: number) => levels[at]?.name ?? "none";
  return identities.map(({ key, change, cells }) =>
    [
      `${key}:`,
      ...(change === "" ? [] : [change]),
      ...cells.map(([column, before, after]) => {
        const { database, schema } = schemas[column] ?? {};
        return `${database}.${schema} ${before === after ? name(after) : `${name(before)}→${name(after)}`}`;
      }),
    ].join(" "),
  );
}

function columns({ schemas }: EnvironmentData): string[] {
  return schemas.map(({ database, schema, change, was }) =>
    [`${database}.${schema}`, change, was ?? ""].join(" ").trim(),
  );
}

const unchanged = [
  "billing-migrations: shop.billing owner",
  "billing-worker: shop.billing read-write",
  "message-board: board.messages read-write",
  "message-board-migrations: board.messages owner",
  "on-call: board.messages read-only shop.billing read-only shop.orders read-only",
];

test("a changed cell has both levels, and its row says that it is changed; the others are as they were", () => {
  const found = data(devPlan(), devPlan(WRITES_BILLING));
  expect(rows(found)).toEqual([
    ...unchanged,
    "orders-api: changed shop.billing read-only→read-write shop.orders read-write",
    "orders-migrations: shop.orders owner",
  ]);
  expect(columns(found)).toEqual(["board.messages", "shop.billing", "shop.orders"]);
  expect(found.alone).toBeUndefined();
});

test("identities and schemas that are added or removed say so, and show what there was or is", () => {
  const less = plan(
    DEV.replace("shop: [billing, orders]", "shop: [orders]")
      .replace(/ {4}billing-worker:[\s\S]*?(?= {4}message-board:)/, "")
      .replaceAll(/,? *shop\.billing: read-only/g, ""),
  );
  expect(rows(data(devPlan(), less))).toEqual([
    "billing-migrations: removed shop.billing owner→none",
    "billing-worker: removed shop.billing read-write→none",
    "message-board: board.messages read-write",
    "message-board-migrations: board.messages owner",
    "on-call: changed board.messages read-only shop.billing read-only→none shop.orders read-only",
    "orders-api: changed shop.billing read-only→none shop.orders read-write",
    "orders-migrations: shop.orders owner",
  ]);
  expect(columns(data(devPlan(), less))).toEqual(["board.messages", "shop.billing removed", "shop.orders"]);
  expect(rows(data(less, devPlan()))[0]).toBe("billing-migrations: added shop.billing none→owner");
  expect(columns(data(less, devPlan()))).toEqual(["board.messages", "shop.billing added", "shop.orders"]);
});

test("a schema that the file says is renamed stays one column, and its cells are as they were", () => {
  const renamed = plan(
    DEV.replaceAll("shop.billing", "shop.invoices")
      .replace("[billing, orders]", "[invoices, orders]")
      .replace("access:\n", "access:\n  renamed: { shop.billing: shop.invoices }\n"),
  );
  const found = data(devPlan(), renamed);
  expect(columns(found)).toEqual(["board.messages", "shop.invoices renamed shop.billing", "shop.orders"]);
  expect(rows(found)).toContain("billing-worker: changed shop.invoices read-write");
  // Once it is deployed the file may go on saying so: then it was there before as well.
  expect(columns(data(renamed, renamed))).toEqual(["board.messages", "shop.invoices", "shop.orders"]);
});

test("a schema that is still there is no other's former name", () => {
  const both = plan(DEV.replace("[billing, orders]", "[accounts, billing, orders]"));
  const claimed = JSON.parse(
    JSON.stringify(both).replace(
      '"name":"accounts"',
      '"name":"accounts","renamedFrom":{"database":"shop","schema":"billing"}',
    ),
  );
  expect(columns(data(devPlan(), claimed))).toEqual([
    "board.messages",
    "shop.accounts added",
    "shop.billing",
    "shop.orders",
  ]);
});

test("cells are in the order of the columns, whichever side they are of", () => {
  const less = devPlan([", shop.billing: read-only }", " }"]);
  expect(rows(data(less, devPlan()))).toContain(
    "orders-api: changed shop.billing none→read-only shop.orders read-write",
  );
});

test("what a level means on either side is kept where it is not the same", () => {
  const later: AccessPlan = JSON.parse(
    JSON.stringify(devPlan()).replaceAll('"privileges":["SELECT","USAGE"]', '"privileges":["SELECT"]'),
  );
  const { schemas } = data(devPlan(), later);
  const sequences = (side: "before" | "after") => schemas[1]?.[side]?.["read-write"]?.now[3];
  expect([sequences("before"), sequences("after")]).toEqual([
    ["on sequences", "SELECT, USAGE"],
    ["on sequences", "SELECT"],
  ]);
});

test("whatever changes of an identity besides its levels marks its row as well", () => {
  const change = (from: string, to: string) => {
    const found = data(devPlan(), devPlan([from, to]));
    return found.identities.filter(({ change }) => change === "changed").map(({ key }) => key);
  };
  expect(change("role/OnCall", "role/Others")).toEqual(["on-call"]);
  expect(
    change(
      "      namespace: shop\n      grants: { shop.billing: read-write }",
      "      namespace: other\n      grants: { shop.billing: read-write }",
    ),
  ).toEqual(["billing-worker"]);
  expect(
    change("access:\n", "access:\n  permissionsBoundary: arn:aws:iam::123456789012:policy/Boundary\n"),
  ).toHaveLength(7);
  expect(change("access:\n", "access:\n  defaults: { connectionLimit: 7 }\n")).toHaveLength(7);
});

test("access of one side alone is no change, and it says whose it is", () => {
  const added = data(undefined, devPlan());
  const removed = data(devPlan(), undefined);
  expect([added.alone, removed.alone]).toEqual(["with no base to compare with", "as it was on the base"]);
  for (const { identities, schemas } of [added, removed]) {
    expect([...identities, ...schemas].filter(({ change, before }) => change !== "" || before)).toEqual([]);
    expect(identities.flatMap(({ cells }) => cells).filter(([, before, after]) => before !== after)).toEqual(
      [],
    );
  }
});

test("a level that is not known here is shown by its name, not taken for none", () => {
  const later = JSON.parse(
    JSON.stringify(devPlan()).replaceAll('"level":"read-only"', '"level":"read-some"'),
  );
  expect(rows(data(devPlan(), later))).toContain(
    "orders-api: changed shop.billing read-only→read-some shop.orders read-write",
  );
});

test("an identity of a kind that only a later version knows has its row, and what is known of its path", () => {
  const later = JSON.parse(JSON.stringify(devPlan()).replaceAll('"kind":"people"', '"kind":"robot"'));
  const row = data(devPlan(), later).identities.find(({ key }) => key === "on-call");
  expect([row?.kind, row?.change]).toEqual(["robot", "changed"]);
  expect(row?.after?.[0]).toEqual({
    title: "Whoever its kind lets",
    facts: [["kind", "one that this version does not know"]],
  });
  expect(row?.after?.[1]?.facts).toEqual([
    ["ARN", "arn:aws:iam::123456789012:role/dev-db-on-call"],
    ["permissions boundary", "none"],
  ]);
});

describe("the path of an identity", () => {
  const found = data(devPlan(), devPlan(WRITES_BILLING));
  const facts = (key: string, side: "before" | "after" = "after") =>
    found.identities
      .find((identity) => identity.key === key)
      ?.[side]?.map(({ title, facts }) => [title, ...facts.map((fact) => fact.join(": "))]);

  test("of a service goes from its ServiceAccount to its database user, with every condition and limit", () => {
    expect(facts("orders-api")).toEqual([
      [
        "ServiceAccount",
        "name: orders-api",
        "namespace: shop",
        "Pod Security: restricted",
        "NetworkPolicy: default-deny",
        "ConfigMap: orders-api-database",
      ],
      [
        "IAM role",
        "ARN: arn:aws:iam::123456789012:role/dev-db-orders-api",
        "allows: sts:AssumeRoleWithWebIdentity",
        "to: Federated <OIDC provider of the EKS cluster>",
        "if: <issuer>:aud StringEquals sts.amazonaws.com",
        "if: <issuer>:sub StringEquals system:serviceaccount:shop:orders-api",
        "permissions boundary: none",
      ],
      [
        "IAM policy",
        "allows: rds-db:connect",
        "on: arn:aws:rds-db:eu-west-1:123456789012:dbuser:<database resource id>/orders_api",
      ],
      [
        "Database user",
        "name: orders_api",
        "logs in: with an IAM token; it has no password",
        "starts in: database shop",
        "at once: 100 connections at most",
        "member of: rds_iam, shop_billing_rw, shop_orders_rw",
      ],
    ]);
    expect(facts("orders-api", "before")?.[3]).toContain(
      "member of: rds_iam, shop_billing_ro, shop_orders_rw",
    );
    expect(facts("billing-worker", "before")).toBeUndefined();
  });

  test("of a service has what holds in its namespace", () => {
    const { identities } = data(undefined, devPlan([" shop: {}", " shop: { podSecurity: baseline }"]));
    const security = (key: string) =>
      identities
        .find((identity) => identity.key === key)
        ?.after?.[0]?.facts.find(([name]) => name === "Pod Security");
    expect(security("orders-api")?.[1]).toBe("baseline");
    expect(security("message-board")?.[1]).toBe("restricted");
  });

  const everywhere = data(undefined, plan(testFile("everywhere")));

  test.each([
    ["invoices", "service on Lambda", "Lambda functions", "to: Service lambda.amazonaws.com"],
    ["nightly-report", "service on ECS", "ECS tasks", "if: aws:SourceAccount StringEquals 123456789012"],
    ["old-shop", "service on EC2", "EC2 instances", "to: Service ec2.amazonaws.com"],
    [
      "deployments",
      "service of listed principals",
      "arn:aws:iam::210987654321:role/Deploy",
      "if: sts:ExternalId StringEquals acme-7f3c",
    ],
    [
      "ledger",
      "service with an IAM role that exists already",
      "whoever its own trust policy lets, which is not decided here",
      "permissions boundary: its own",
    ],
  ])("of %s says that it is a %s, and who may ask for its IAM role", (key, kind, asks, says) => {
    const row = everywhere.identities.find((identity) => identity.key === key);
    expect([row?.kind, row?.namespace]).toEqual([kind, undefined]);
    expect(row?.after?.[0]?.facts).toEqual([["may ask", asks]]);
    const role = row?.after?.[1]?.facts.map((fact) => fact.join(": "));
    expect(role).toContain(says);
    // Of a role that exists already nobody here knows whom it trusts.
    expect(role?.some((fact) => fact.startsWith("to: "))).toBe(key !== "ledger");
  });

  test("of what a later version runs services on shows no trust that nobody here knows", () => {
    const later = JSON.parse(JSON.stringify(plan(testFile("everywhere"))).replace('"lambda"', '"batch"'));
    const row = data(undefined, later).identities.find(({ key }) => key === "invoices");
    expect(row?.after?.[0]?.facts).toEqual([["may ask", "what runs on batch"]]);
    expect(row?.after?.[1]?.facts.map(([name]) => name)).toEqual(["ARN", "permissions boundary"]);
  });

  test("through the proxy is allowed there, and says so", () => {
    const proxied = data(devPlan(), devPlan(["database:\n", "database:\n  proxy: {}\n"]));
    const after = proxied.identities.find(({ key }) => key === "orders-api")?.after ?? [];
    const all = after.flatMap((step) => step.facts.map((fact) => fact.join(": ")));
    expect(all).toContain("connects: through the RDS Proxy");
    expect(all.some((fact) => /^on: .*:dbuser:<resource id of the RDS Proxy>\/orders_api$/.test(fact))).toBe(
      true,
    );
  });

  test("of people names who may ask, and under which conditions", () => {
    const strict = data(
      undefined,
      devPlan([
        'principals: ["',
        'requireMfa: true\n      requireSourceIdentity: true\n      principals: ["',
      ]),
    );
    const onCall = strict.identities.find(({ key }) => key === "on-call")?.after ?? [];
    expect(onCall[0]).toEqual({
      title: "Principals",
      facts: [["may ask", "arn:aws:iam::123456789012:role/OnCall"]],
    });
    const role = onCall[1]?.facts.map((fact) => fact.join(": "));
    expect(role).toContain("to: AWS arn:aws:iam::123456789012:role/OnCall");
    expect(role).toContain("if: aws:MultiFactorAuthPresent Bool true");
    expect(role).toContain("if: sts:SourceIdentity Null false");
    expect(role).toContain("allows: sts:AssumeRole, sts:SetSourceIdentity");
  });

  test("of people with members names whose each database user is, under the title of the one that all shared", () => {
    const members = data(
      devPlan(),
      devPlan(['principals: ["', 'members: [ben@acme.com, anna@acme.com]\n      principals: ["']),
    );
    const group = members.identities.find(({ key }) => key === "on-call");
    const user = (side: "before" | "after") =>
      group?.[side]?.find(({ title }) => title === "Database user")?.facts;
    expect(group?.change).toBe("changed");
    expect(user("before")?.slice(0, 2)).toEqual([
      ["name", "on_call"],
      ["logs in", "with an IAM token; it has no password"],
    ]);
    expect(user("after")?.slice(0, 2)).toEqual([
      ["anna@acme.com", "on_call_anna"],
      ["ben@acme.com", "on_call_ben"],
    ]);
    expect(user("after")).toContainEqual(["at once", "100 connections at most each"]);
    expect(user("before")).toContainEqual(["at once", "100 connections at most"]);
  });

  test("of an owner says as whom its sessions run", () => {
    expect(facts("billing-migrations")?.[3]).toContain("runs as: shop_billing_owner");
  });

  test("ends at each group role's privileges on what is there and on what is to come, by whom it is created", () => {
    const billing = found.schemas.find(({ schema }) => schema === "billing");
    expect(billing?.before).toBeUndefined();
    expect(billing?.after?.["read-write"]).toEqual({
      role: "shop_billing_rw",
      now: [
        ["on the database", "CONNECT"],
        ["on the schema", "USAGE"],
        ["on tables", "DELETE, INSERT, SELECT, UPDATE"],
        ["on sequences", "SELECT, USAGE"],
        ["on functions", "EXECUTE"],
      ],
      toCome: [
        ["tables created by shop_billing_owner", "DELETE, INSERT, SELECT, UPDATE"],
        ["sequences created by shop_billing_owner", "SELECT, USAGE"],
        ["functions created by shop_billing_owner", "EXECUTE"],
      ],
    });
    expect(billing?.after?.owner).toEqual({
      role: "shop_billing_owner",
      now: [
        ["owns", "the schema, and whatever is created in it by its members"],
        ["on the database", "CONNECT"],
      ],
      toCome: [["owns", "the schema, and whatever is created in it by its members"]],
    });
  });

  test("hides no privilege that a group role has in another schema", () => {
    const before = devPlan();
    const grants = [
      { role: "shop_billing_ro", objectType: "table", schema: "orders", privileges: ["DELETE"] },
      {
        role: "shop_billing_ro",
        objectType: "table",
        schema: "orders",
        privileges: ["DELETE"],
        createdBy: "x",
      },
    ] as const;
    const databases = before.databases.map((each) => ({ ...each, grants: [...each.grants, ...grants] }));
    const group = data(before, { ...before, databases }).schemas.find(
      ({ schema }) => schema === "billing",
    )?.after;
    expect(group?.["read-only"]?.now).toContainEqual(["on tables of the schema orders", "DELETE"]);
    expect(group?.["read-only"]?.toCome).toContainEqual([
      "tables created by x of the schema orders",
      "DELETE",
    ]);
  });
});
