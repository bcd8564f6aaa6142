import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest } from "@jest/globals";
import { ADMIN_USER, SUPERUSER } from "../../model/postgresql/names";
import { HIJACKING } from "../helpers/hijacking";
import { testUnless } from "../helpers/skip";
import { AccessDeployment } from "./helpers/access-deployment";
import { missing as missingTools, succeeded } from "./helpers/local-deployment";
import { providerMissing } from "./helpers/providers";

jest.setTimeout(300_000);
const missing = missingTools ?? providerMissing("cyrilgdn/postgresql");
const STACK = "dev-access";
const yaml = readFileSync(join(__dirname, "environment.yaml"), "utf8");

// Terraform without the tunnel's PGOPTIONS: it has what is set for the admin on the server, and nothing else.
describe("the access stack, applied from inside the VPC", () => {
  let local: AccessDeployment;

  beforeAll(async () => {
    if (missing) return;
    local = await AccessDeployment.start({ options: "" });
    await local.synth(yaml);
    succeeded(await local.terraform.init(STACK));
    succeeded(await local.terraform.apply(STACK));
  });
  afterAll(() => local?.stop());

  /** Runs statements of somebody's, one by one, in a session of its own in the database shop. */
  const as = async (user: string, ...statements: readonly string[]) => {
    const client = await local.server.connect({ user, database: "shop" });
    const results = [];
    for (const statement of statements) results.push((await client.query(statement)).rows);
    await client.end();
    return results;
  };
  /** Has the provider grant something in the database shop, as the admin. */
  const deploy = async () => {
    await as(SUPERUSER, "REVOKE USAGE ON SCHEMA orders FROM shop_orders_ro");
    return local.terraform.apply(STACK);
  };
  const taken = () =>
    as(SUPERUSER, "SELECT rolcreaterole FROM pg_roles WHERE rolname = 'taken'", "DROP ROLE IF EXISTS taken");

  testUnless(
    missing,
    "what somebody put into public makes it no admin, once the admin has its settings",
    async () => {
      await as(SUPERUSER, "GRANT USAGE, CREATE ON SCHEMA public TO orders_api");
      await as("orders_api", HIJACKING);
      // What would happen, had the file been allowed to grant owner on public.
      succeeded(await deploy());
      expect(await taken()).toEqual([[{ rolcreaterole: true }], []]);

      await as(ADMIN_USER, `ALTER ROLE ${ADMIN_USER} SET search_path = ''`);
      succeeded(await deploy());
      expect(await taken()).toEqual([[], []]);
      await as(SUPERUSER, "DROP FUNCTION public.take CASCADE", "REVOKE ALL ON SCHEMA public FROM orders_api");
    },
  );

  testUnless(missing, "a lock that a login holds ends the deployment with an error", async () => {
    await as(ADMIN_USER, `ALTER ROLE ${ADMIN_USER} SET lock_timeout = '1s'`);
    const holder = await local.server.connect({ user: "on_call", database: "shop" });
    await holder.query("SELECT pg_advisory_lock('shop_orders_ro'::regrole::oid::bigint)");
    const { status, text } = await deploy();
    expect([status, text]).toEqual([1, expect.stringContaining("canceling statement due to lock timeout")]);
    await holder.end();
    succeeded(await deploy());
  });
});
