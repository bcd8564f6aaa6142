import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { accessPlan } from "../../model/access/plan";
import { accessReport } from "../../model/access/report";
import { type EmbeddedServer, startServer } from "../../tools/postgres/embedded-server";
import { verify } from "../../tools/verify/verify";
import { blocks, page } from "../docs/pages";
import { MINIMAL, parse } from "../helpers/environment";
import { versionsToTry } from "../helpers/extent";
import { catalogReader, Deployment } from "../helpers/postgres";
import { testUnless } from "../helpers/skip";

// The example of docs/access-model.md, as it stands there.
const documented = blocks(page("docs/access-model.md"));
const find = (language: string, part: string) =>
  documented.find((block) => block.language === language && block.text.includes(part))?.text ?? "";
const ACCESS = find("yaml", "orders_views");
const VIEW = find("sql", "CREATE VIEW orders_views");
const ITEMS = `CREATE TABLE orders.items (id serial, address text, card text, paid boolean);
  INSERT INTO orders.items (address, card, paid) VALUES ('here', '4711', true), ('there', '4712', false)`;

describe.each(versionsToTry())("a schema of views, on PostgreSQL $version", ({ version, unavailable }) => {
  const plan = accessPlan(parse(MINIMAL.slice(0, MINIMAL.indexOf("access:")) + ACCESS));
  let server: EmbeddedServer;
  let deployment: Deployment;
  const as = async (user: string, sql: string) => (await deployment.client(user, "shop")).query(sql);
  beforeAll(async () => {
    if (unavailable !== undefined) return;
    server = await startServer({ version });
    deployment = await Deployment.of(server, plan);
    await as("orders_migrations", ITEMS);
    await as("orders_views_migrations", VIEW);
  }, 60_000);
  afterAll(() => server?.stop());

  testUnless(
    unavailable,
    "its readers see the columns and rows of the view, and nothing of the table",
    async () => {
      expect((await as("shipping", "SELECT * FROM orders_views.parcels")).rows).toEqual([
        { id: 1, address: "here" },
      ]);
      for (const sql of [
        "SELECT id FROM orders.items",
        "SELECT card FROM orders_views.parcels",
        "UPDATE orders_views.parcels SET address = ''",
      ]) {
        expect([sql, await deployment.outcome("shipping", "shop", sql)]).not.toEqual([sql, "allowed"]);
      }
    },
  );

  testUnless(unavailable, "a function in a reader's query sees no other row", async () => {
    const leak = "SELECT * FROM orders_views.parcels WHERE 1 / (address <> 'there')::int = 1";
    expect(await deployment.outcome("shipping", "shop", leak)).toBe("allowed");
  });

  testUnless(unavailable, "whoever owns the views reads the tables and changes none of them", async () => {
    const tried = async (sql: string) => deployment.outcome("orders_views_migrations", "shop", sql);
    expect(await tried("SELECT card FROM orders.items")).toBe("allowed");
    expect(await tried("UPDATE orders_views.parcels SET address = ''")).toBe("denied");
    expect(await tried("DELETE FROM orders.items")).toBe("denied");
    expect(await tried("CREATE TABLE orders.mine ()")).toBe("denied");
  });

  testUnless(
    unavailable,
    "verify knows it all, the plan's SQL has nothing to change, and takes back what is gone from the file",
    async () => {
      expect((await verify(plan, catalogReader(server))).findings).toEqual([]);
      expect(await deployment.apply()).toEqual(["nothing to change"]);
      const without = accessPlan(
        parse(MINIMAL.slice(0, MINIMAL.indexOf("access:")) + ACCESS.replace(", shop.orders: read-only", "")),
      );
      const found = (await verify(without, catalogReader(server))).findings;
      expect(found.map(({ subject, detail }) => `${subject} ${detail}`)).toEqual([
        "database user orders_views_migrations is a member of shop_orders_ro",
        "group role shop_orders_views_owner is a member of shop_orders_ro",
      ]);
      expect(await deployment.apply(without)).toEqual(["changed"]);
      expect((await verify(without, catalogReader(server))).findings).toEqual([]);
      expect(await deployment.outcome("shipping", "shop", "SELECT * FROM orders_views.parcels")).toBe(
        "denied",
      );
      const lacks = (await verify(plan, catalogReader(server))).findings.map(({ subject }) => subject);
      expect(lacks).toContain("group role shop_orders_views_owner");
    },
  );

  testUnless(unavailable, "the report says that whoever writes the views may read the tables", () => {
    expect(accessReport(plan)).toMatch(/\| orders-views-migrations[^\n]*read-only[^\n]*owner/);
  });
});
