import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest } from "@jest/globals";
import { createAuthority } from "../../lib/certificates";
import { expectation } from "../../model/access/expectation";
import { accessPlan } from "../../model/access/plan";
import { ADMIN_USER, SUPERUSER } from "../../model/postgresql/names";
import { compareCatalog } from "../../tools/verify/compare-catalog";
import { readCatalog } from "../../tools/verify/read-catalog";
import { parse } from "../helpers/environment";
import { catalogReader } from "../helpers/postgres";
import { testUnless } from "../helpers/skip";
import { AccessDeployment } from "./helpers/access-deployment";
import { missing as missingTools, succeeded } from "./helpers/local-deployment";
import { beyondNotKept } from "./helpers/not-kept";
import { planned } from "./helpers/plan-json";
import { providerMissing } from "./helpers/providers";
import { filesWith } from "./helpers/written-down";

jest.setTimeout(300_000);
const missing = missingTools ?? providerMissing("cyrilgdn/postgresql");
const STACK = "dev-access";
const yaml = readFileSync(join(__dirname, "environment.yaml"), "utf8").replace(
  "deletionProtection: true",
  "deletionProtection: false",
);
const READS_ORDERS = "{ shop.billing: read-only, shop.orders: read-only }";

// One access stack, deployed, changed and destroyed: each test goes on where the one before it ended.
describe("the access stack, applied to a PostgreSQL like RDS's through the tunnel's proxy", () => {
  let local: AccessDeployment;

  beforeAll(async () => {
    if (missing) return;
    local = await AccessDeployment.start();
    await local.synth(yaml);
    succeeded(await local.terraform.init(STACK));
  });
  afterAll(() => local?.stop());

  const changes = async () => beyondNotKept(STACK, await planned(local.terraform, STACK));
  const apply = async (text: string) => {
    await local.synth(text);
    const made = await changes();
    succeeded(await local.terraform.apply(STACK, "plan"));
    return made;
  };
  const connect = (user: string) => catalogReader(local.server, user);
  /** Does something by hand in the database shop. */
  const byHand = async (user: string, sql: string) => {
    const client = await connect(user)("shop");
    await client.query(sql).finally(() => client.close());
  };
  /** What differs between the live database and the plan of an environment file. */
  const differences = async (text: string) => {
    const expected = expectation(accessPlan(parse(text)));
    return compareCatalog(expected, await readCatalog(expected, connect(SUPERUSER))).findings;
  };

  testUnless(missing, "a server with a certificate of another authority is refused", async () => {
    const before = await differences(yaml);
    const caFile = join(local.terraform.directory(STACK), "rds-ca.pem");
    writeFileSync(caFile, (await createAuthority()).certificate);
    const { status, text } = await local.terraform.apply(STACK);
    expect([status, text]).toEqual([1, expect.stringContaining("certificate signed by unknown authority")]);
    expect(await differences(yaml)).toEqual(before);
    expect(before).not.toEqual([]);
  });

  testUnless(
    missing,
    "what is applied is what the SQL would have made, and a second plan is empty",
    async () => {
      await apply(yaml);
      expect(await changes()).toEqual({});
      // Terraform cannot give the admin its settings: once, somebody runs what verify prints.
      const settings = await differences(yaml);
      expect(settings.map(({ subject, topic }) => [subject, topic])).toEqual([
        ["admin postgres", "setting"],
        ["admin postgres", "setting"],
      ]);
      for (const { fix = "" } of settings) await byHand(ADMIN_USER, fix);
      expect(await differences(yaml)).toEqual([]);
      const said = await local.server.apply(accessPlan(parse(yaml)));
      expect(said).toEqual(["nothing to change"]);
    },
  );

  testUnless(missing, "the admin's password is in no state, plan or other file", () => {
    expect(filesWith(local.terraform.folder, local.server.adminPassword)).toEqual([]);
    expect(filesWith(local.terraform.folder, "shop_orders_owner")).toContain(`terraform.${STACK}.tfstate`);
  });

  testUnless(
    missing,
    "a membership that somebody granted by hand shows in the plan, and is taken back",
    async () => {
      await byHand(ADMIN_USER, "GRANT shop_orders_rw TO on_call");
      expect(await apply(yaml)).toEqual({
        "postgresql_role.people-on-call_login": { action: "update", attributes: ["roles"] },
      });
      expect(await differences(yaml)).toEqual([]);
    },
  );

  testUnless(
    missing,
    "what a member took from its group (DROP OWNED BY) shows in the plan, also on what was created since, and comes back",
    async () => {
      await byHand("on_call", "DROP OWNED BY shop_orders_ro");
      const lacks = (await differences(yaml)).map(({ topic, detail }) => `${topic}: ${detail}`);
      expect(lacks).toEqual(Array(2).fill("default privilege: shop_orders_ro lacks SELECT"));
      await byHand(SUPERUSER, "SET ROLE shop_orders_owner; CREATE TABLE orders.meanwhile (id serial)");
      const readers = "database-shop_schema-orders_read-only-on";
      const [again, more] = [
        { action: "create", attributes: [] },
        { action: "update", attributes: ["privileges"] },
      ];
      expect(await apply(yaml)).toEqual({
        [`postgresql_default_privileges.${readers}-sequence-default`]: again,
        [`postgresql_default_privileges.${readers}-table-default`]: again,
        [`postgresql_grant.${readers}-sequence`]: more,
        [`postgresql_grant.${readers}-table`]: more,
      });
      expect(await differences(yaml)).toEqual([]);
      expect(await changes()).toEqual({});
      await byHand(SUPERUSER, "DROP TABLE orders.meanwhile");
    },
  );

  testUnless(
    missing,
    "a changed privilege changes one login; a removed service takes its own away",
    async () => {
      const less = yaml.replace(READS_ORDERS, "{ shop.billing: read-only }");
      expect(await apply(less)).toEqual({
        "postgresql_role.people-on-call_login": { action: "update", attributes: ["roles"] },
      });
      expect(await differences(less)).toEqual([]);

      const removed = less.replace(/ {4}orders-migrations:[\s\S]*?owner \}\n/, "");
      expect(await apply(removed)).toEqual({
        "aws_iam_role.service-orders-migrations_role": { action: "delete", attributes: [] },
        "aws_iam_role_policy.service-orders-migrations_connect": { action: "delete", attributes: [] },
        "postgresql_role.service-orders-migrations_login": { action: "delete", attributes: [] },
      });
      expect(await differences(removed)).toEqual([]);
      expect(Object.keys(await apply(yaml)).sort()).toEqual([
        "aws_iam_role.service-orders-migrations_role",
        "aws_iam_role_policy.service-orders-migrations_connect",
        "postgresql_role.people-on-call_login",
        "postgresql_role.service-orders-migrations_login",
      ]);
      expect(await differences(yaml)).toEqual([]);
    },
  );

  testUnless(
    missing,
    "a migration's function is no reader's, what extensions bring and an owner grants is no drift",
    async () => {
      await byHand(
        "orders_migrations",
        `CREATE TABLE orders.written (); CREATE FUNCTION orders.write() RETURNS void LANGUAGE sql SECURITY DEFINER
          AS 'INSERT INTO orders.written DEFAULT VALUES'; CREATE FUNCTION orders.helper() RETURNS int LANGUAGE sql AS 'SELECT 1';
          GRANT EXECUTE ON FUNCTION orders.helper() TO shop_orders_ro`,
      );
      await byHand(SUPERUSER, "CREATE EXTENSION hstore SCHEMA orders; CREATE EXTENSION dblink SCHEMA orders");
      await byHand("orders_api", "SELECT orders.write()");
      await byHand("on_call", "SELECT orders.helper()");
      await expect(byHand("on_call", "SELECT orders.write()")).rejects.toThrow(
        "permission denied for function",
      );
      expect(await changes()).toEqual({});
      // That they are there is found, since the file does not name them; of what they bring, nothing is.
      expect((await differences(yaml)).map(({ subject, topic }) => [subject, topic])).toEqual([
        ["extension shop.dblink", "extension"],
        ["extension shop.hstore", "extension"],
      ]);
      await byHand(SUPERUSER, "DROP EXTENSION hstore, dblink");
      await byHand(
        "orders_migrations",
        "DROP FUNCTION orders.write(), orders.helper(); DROP TABLE orders.written",
      );
    },
  );

  testUnless(
    missing,
    "an empty schema that leaves the file goes once its owner's entry for PUBLIC is taken back, as the docs say",
    async () => {
      const one = yaml
        .replace("[billing, orders]", "[orders]")
        .replace(READS_ORDERS, "{ shop.orders: read-only }")
        .replace(", shop.billing: read-only }", " }");
      await local.synth(one);
      const stopped = await local.terraform.apply(STACK);
      expect([stopped.status, stopped.text]).toEqual([
        1,
        expect.stringMatching(/could not delete role shop_billing_owner[\s\S]*some objects depend on it/),
      ]);
      const page = readFileSync(join(__dirname, "../../docs/deploying.md"), "utf8");
      const [, statements = ""] = /`(GRANT shop_orders_owner TO CURRENT_USER;[^`]*)`/.exec(page) ?? [];
      await byHand(ADMIN_USER, statements.replaceAll("shop_orders_owner", "shop_billing_owner"));
      await apply(one);
      expect(await differences(one)).toEqual([]);
      await apply(yaml);
      expect(await differences(yaml)).toEqual([]);
    },
  );

  testUnless(
    missing,
    "limits are set, changed and taken back: verify finds none wrong, the SQL has nothing to do, and the next plan is empty",
    async () => {
      const login = "postgresql_role.service-orders-api_login";
      const api = "{ shop.orders: read-write, shop.billing: read-only }";
      const withLimits = (own: string, defaults = "") =>
        yaml.replace(api, `${api}\n${own}`).replace("access:\n", `access:\n  defaults: { ${defaults} }\n`);
      const limited = withLimits(
        '      connectionLimit: 20\n      statementTimeout: 30s\n      searchPath: [billing, orders, public, "$user"]\n',
        "idleInTransactionSessionTimeout: 1min, searchPath: [orders]",
      );
      const steps: readonly [string, string, readonly string[]][] = [
        [
          "set",
          limited,
          ["connection_limit", "idle_in_transaction_session_timeout", "search_path", "statement_timeout"],
        ],
        [
          "changed",
          withLimits(
            "      statementTimeout: 5min\n      searchPath: [orders, billing]\n",
            "connectionLimit: 20",
          ),
          ["idle_in_transaction_session_timeout", "search_path", "statement_timeout"],
        ],
      ];
      for (const [step, text, attributes] of steps) {
        const made = await apply(text);
        expect([step, made[login]]).toEqual([step, { action: "update", attributes }]);
        expect([step, await changes(), await differences(text)]).toEqual([step, {}, []]);
        expect([step, await local.server.apply(accessPlan(parse(text)))]).toEqual([
          step,
          ["nothing to change"],
        ]);
      }
      expect((await apply(yaml))[login]).toEqual({
        action: "update",
        attributes: ["connection_limit", "search_path", "statement_timeout"],
      });
      expect(await differences(yaml)).toEqual([]);
    },
    600_000,
  );

  testUnless(
    missing,
    "a setting that a login gives itself shows in the plan; one with a unit stops it, and what verify prints lets it go on",
    async () => {
      await byHand("orders_api", "ALTER ROLE orders_api SET search_path = billing");
      await byHand("orders_api", "ALTER ROLE orders_api SET statement_timeout = 0");
      expect(await apply(yaml)).toEqual({
        "postgresql_role.service-orders-api_login": { action: "update", attributes: ["search_path"] },
      });
      await byHand("orders_api", "ALTER ROLE orders_api SET statement_timeout = '5s'");
      const stopped = await local.terraform.plan(STACK);
      expect([stopped.status, stopped.text]).toEqual([1, expect.stringContaining('parsing "5s"')]);
      const found = await differences(yaml);
      expect(found.map(({ detail }) => detail)).toEqual([expect.stringContaining("cannot read")]);
      for (const { fix = "" } of found) await byHand(ADMIN_USER, fix);
      expect([await changes(), await differences(yaml)]).toEqual([{}, []]);
    },
  );

  testUnless(missing, "destroying stops at a table and keeps it; without tables nothing stays", async () => {
    await byHand(SUPERUSER, "SET ROLE shop_orders_owner; CREATE TABLE orders.kept AS SELECT 1 AS value");
    const stopped = await local.terraform.destroy(STACK);
    expect([stopped.status, stopped.text]).toEqual([
      1,
      expect.stringContaining("because other objects depend on it"),
    ]);
    await byHand(SUPERUSER, "DROP TABLE orders.kept");
    succeeded(await local.terraform.destroy(STACK));
    const roles = await connect(SUPERUSER)();
    const left = await roles.query("SELECT rolname FROM pg_roles WHERE rolname ~ '^(shop|orders|on_call)'");
    await roles.close();
    expect(left).toEqual([]);
  });
});
