import { describe, expect, test } from "@jest/globals";
import { compareAccess } from "../../../../tools/review/access/compare-access";
import { altered, compared, identityIn, planOf } from "./plans";

const dev = planOf("dev");
const defaults = (yaml: string) => planOf("dev", { "access:\n": `access:\n  defaults: { ${yaml} }\n` });
/** The same with keys of one service's own. */
const apiWith = (yaml: string) =>
  planOf("dev", {
    "{ shop.orders: read-write, shop.billing: read-only }": `{ shop.orders: read-write, shop.billing: read-only }\n      ${yaml}`,
  });

describe("times after which PostgreSQL ends something", () => {
  test.each([
    ["statementTimeout", "statements may run"],
    ["idleInTransactionSessionTimeout", "transactions may wait for their next statement"],
  ])("%s that gets longer or goes is raised, and back lowered", (key, words) => {
    const [short, long, none] = [apiWith(`${key}: 30s`), apiWith(`${key}: 5min`), apiWith(`${key}: none`)];
    expect(compared(short, long)).toEqual([`limit-raised: orders-api: ${words} 5min instead of 30s`]);
    expect(compared(long, short)).toEqual([`limit-lowered: orders-api: ${words} 30s instead of 5min`]);
    expect(compared(short, none)).toEqual([
      `limit-raised: orders-api: ${words} as long as the database lets them instead of 30s`,
    ]);
    expect(compared(none, short)).toEqual([
      `limit-lowered: orders-api: ${words} 30s instead of as long as the database lets them`,
    ]);
    expect(compared(none, dev)).toEqual([]);
  });

  test("a wait of its own that is longer than that of databases made here is raised, also where there was none", () => {
    const line = (time: string) =>
      compared(dev, apiWith(`idleInTransactionSessionTimeout: ${time}`))[0]?.split(":")[0];
    expect(line("6min")).toBe("limit-raised");
    expect(line("5min")).toBe("limit-lowered");
    // What the database has is not in the plan: to go back to it may be more.
    const [long, none] = ["10min", "none"].map((time) => apiWith(`idleInTransactionSessionTimeout: ${time}`));
    if (!long || !none) throw new Error("two plans are compared");
    expect(compared(long, none)[0]).toMatch(/^limit-raised/);
    expect(compared(dev, apiWith("statementTimeout: 6min"))[0]).toMatch(/^limit-lowered/);
  });

  test("0 of another version's plan is no limit, as it is to PostgreSQL", () => {
    const zero = altered(dev, (plan) => {
      identityIn(plan, "orders-api").statementTimeout = 0;
    });
    expect(compared(apiWith("statementTimeout: 30s"), zero)).toEqual([
      "limit-raised: orders-api: statements may run as long as the database lets them instead of 30s",
    ]);
  });

  test("that change for all are a line for each kind, and what is approved still names each", () => {
    const [before, after] = [
      defaults("statementTimeout: 30s, idleInTransactionSessionTimeout: 1min"),
      defaults("statementTimeout: 1h, idleInTransactionSessionTimeout: 30s, connectionLimit: 7"),
    ];
    expect(compared(before, after)).toEqual([
      "limit-lowered: dev: all 7 identities: at most 7 connections at once each, and had at most 100",
      "limit-raised: dev: all 7 identities: statements may run 1h instead of 30s",
      "limit-lowered: dev: all 7 identities: transactions may wait for their next statement 30s instead of 1min",
    ]);
    for (const { details } of compareAccess(before, after)) {
      expect(details).toEqual(dev.identities.map(({ key }) => key));
    }
  });

  test("are in the lines of a new identity, when it has some", () => {
    const service = (yaml: string) =>
      planOf("dev", {
        "  people:": `    fifth: { namespace: shop, grants: { shop.orders: read-only }${yaml} }\n  people:`,
      });
    const detail = (yaml: string) =>
      compareAccess(dev, service(yaml)).find(({ subject }) => subject === "fifth")?.details?.[0];
    const names = "IAM role dev-db-fifth, database user fifth";
    expect(detail("")).toBe(`${names}, at most 100 connections at once`);
    expect(
      detail(
        ", connectionLimit: 5, statementTimeout: 30s, idleInTransactionSessionTimeout: 1min, searchPath: [orders]",
      ),
    ).toBe(
      `${names}, at most 5 connections at once, statements end after 30s, open transactions end after 1min, names are looked up in orders`,
    );
  });
});

describe("a search_path", () => {
  const path = (names: string) => apiWith(`searchPath: [${names}]`);
  const ORDERS = "what they mean newly decide those who may write code: orders-migrations of shop.orders";
  const BILLING = "what they mean newly decide those who may write code: billing-migrations of shop.billing";

  test("asks for approval where others newly decide what names mean, with rights beyond their own", () => {
    expect(compared(dev, path("orders"))).toEqual([
      `borrowed-rights-gained: orders-api: names without a schema are looked up in orders, and were where the database says; ${ORDERS}`,
    ]);
    expect(compared(path("orders"), path("orders, billing"))).toEqual([
      `borrowed-rights-gained: orders-api: names without a schema are looked up in orders, billing, and were in orders; ${BILLING}`,
    ]);
    expect(compared(path("orders, billing"), path("billing, orders"))).toEqual([
      `borrowed-rights-gained: orders-api: names without a schema are looked up in billing, orders, and were in orders, billing; ${BILLING}`,
    ]);
    expect(compared(dev, path("billing, orders"))).toEqual([
      "borrowed-rights-gained: orders-api: names without a schema are looked up in billing, orders, and were where the database says; what they mean newly decide those who may write code: billing-migrations of shop.billing and orders-migrations of shop.orders",
    ]);
  });

  test("is how an identity connects where nobody gains: a schema less, or one in which only the admin creates", () => {
    expect(compared(path("orders, billing"), path("orders"))).toEqual([
      "connection-changed: orders-api: names without a schema are looked up in orders, and were in orders, billing",
    ]);
    expect(compared(path("orders"), path("public, orders"))).toEqual([
      "connection-changed: orders-api: names without a schema are looked up in public, orders, and were in orders",
    ]);
    expect(compared(path("orders"), dev)).toEqual([
      "connection-changed: orders-api: names without a schema are looked up where the database says, and were in orders",
    ]);
  });

  test("gives nothing to authors whose schema is all that the identity may use, nor to an owner's own", () => {
    const lines = compared(dev, defaults("searchPath: [billing, messages, orders]"));
    const change =
      "names without a schema are looked up in billing, messages, orders, and were where the database says";
    expect(lines).toEqual([
      `connection-changed: dev: billing-migrations, billing-worker, message-board, message-board-migrations, orders-migrations: ${change}`,
      `borrowed-rights-gained: dev: on-call, orders-api: ${change}; what they mean newly decide those who may write code: billing-migrations of shop.billing and orders-migrations of shop.orders`,
    ]);
  });

  test("says nothing of schemas of different databases, of which a session is in one", () => {
    const reporting = (names: string) =>
      planOf("prod", {
        "warehouse.stock: read-only }": `warehouse.stock: read-only }\n      searchPath: [${names}]`,
      });
    expect(compared(reporting("stock, orders"), reporting("orders, stock"))).toEqual([
      "connection-changed: prod: analysts, on-call, reporting: names without a schema are looked up in orders, stock, and were in stock, orders",
    ]);
  });

  test("that follows a schema's new name is no change", () => {
    const renamed = (names: string) =>
      planOf("dev", {
        "shop: [billing, orders]": "shop: [billing, sales]",
        "access:\n": "access:\n  renamed: { shop.orders: shop.sales }\n",
        "shop.orders: read-write, shop.billing: read-only }": `shop.sales: read-write, shop.billing: read-only }\n      searchPath: [${names}]`,
        "shop.orders: owner": "shop.sales: owner",
        "shop.orders: read-only": "shop.sales: read-only",
      });
    const lines = compared(path("orders, billing"), renamed("sales, billing"));
    expect(lines.filter((line) => /orders-api|borrowed/.test(line))).toEqual([]);
    expect(compared(path("orders, billing"), renamed("billing, sales")).join("\n")).toContain(BILLING);
  });
});
