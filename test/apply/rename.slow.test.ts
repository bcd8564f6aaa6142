import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest } from "@jest/globals";
import { expectation } from "../../model/access/expectation";
import { accessPlan } from "../../model/access/plan";
import { SUPERUSER } from "../../model/postgresql/names";
import { compareCatalog } from "../../tools/verify/compare-catalog";
import { readCatalog } from "../../tools/verify/read-catalog";
import { parse } from "../helpers/environment";
import { testUnless } from "../helpers/skip";
import { AccessDeployment } from "./helpers/access-deployment";
import { missing as missingTools, succeeded } from "./helpers/local-deployment";
import { beyondNotKept } from "./helpers/not-kept";
import { planned } from "./helpers/plan-json";
import { providerMissing } from "./helpers/providers";

jest.setTimeout(300_000);
const missing = missingTools ?? providerMissing("cyrilgdn/postgresql");
const STACK = "dev-access";
const yaml = readFileSync(join(__dirname, "environment.yaml"), "utf8");
const SCHEMA_RENAMED = yaml.replaceAll("orders]", "sales]").replaceAll("shop.orders", "shop.sales");
const DATABASE_RENAMED = yaml.replaceAll("shop:", "store:").replaceAll("shop.", "store.");
const SCHEMA_GONE = yaml
  .replace("[billing, orders]", "[billing]")
  .replaceAll(/, shop\.orders: \S+|shop\.orders: read-write, /g, "")
  .replace(/ {4}orders-migrations:[\s\S]*?owner \}\n/, "");
const NAMESPACE_RENAMED = yaml.replaceAll("namespace: shop", "namespace: store");
const READ = "SELECT value FROM orders.kept";

/** What a run refuses to destroy, in the guard's words. */
const refused = (said: string) =>
  [...said.replace(/\s+/g, " ").matchAll(/Resource terraform_data\.protected\["([^"]+)"\] has/g)]
    .map(([, name]) => name)
    .sort();

// One access stack with deletion protection, and a table in it: each test goes on where the one before it ended.
describe("a schema or database that is renamed or removed in the file", () => {
  let local: AccessDeployment;

  beforeAll(async () => {
    if (missing) return;
    local = await AccessDeployment.start();
    await local.synth(yaml);
    succeeded(await local.terraform.init(STACK));
    succeeded(await local.terraform.apply(STACK));
    await query(
      SUPERUSER,
      "shop",
      "SET ROLE shop_orders_owner; CREATE TABLE orders.kept AS SELECT 1 AS value",
    );
  });
  afterAll(() => local?.stop());

  const query = async (user: string, database: string, sql: string) => {
    const client = await local.server.connect({ user, database });
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };
  const changes = async () => beyondNotKept(STACK, await planned(local.terraform, STACK));
  const connect = async (database?: string) => {
    const client = await local.server.connect({ user: SUPERUSER, ...(database && { database }) });
    return {
      query: async (sql: string, values?: readonly unknown[]) =>
        (await client.query(sql, values && [...values])).rows,
      close: () => client.end(),
    };
  };
  /** What differs between the live database and the plan of an environment file. */
  const differences = async (text: string) => {
    const expected = expectation(accessPlan(parse(text)));
    return compareCatalog(expected, await readCatalog(expected, connect)).findings;
  };

  const accidents = {
    "a schema that is renamed": [SCHEMA_RENAMED, ["schema shop.orders"]],
    "a schema that is gone": [SCHEMA_GONE, ["schema shop.orders"]],
    "a database that is renamed": [
      DATABASE_RENAMED,
      ["database shop", "schema shop.billing", "schema shop.orders"],
    ],
    "a namespace that is renamed": [NAMESPACE_RENAMED, ["namespace shop"]],
  } as const;
  for (const [what, [text, names]] of Object.entries(accidents)) {
    testUnless(missing, `${what} fails the plan by name, and nobody loses a privilege`, async () => {
      await local.synth(text);
      const { status, text: said } = await local.terraform.apply(STACK);
      expect(status).toBe(1);
      expect(refused(said)).toEqual(names);
      expect(await differences(yaml)).toEqual([]);
      expect(await query("orders_api", "shop", READ)).toEqual([{ value: 1 }]);
    });
  }

  testUnless(missing, "once the file is as it was, there is nothing to change", async () => {
    await local.synth(yaml);
    expect(await changes()).toEqual({});
  });
});
