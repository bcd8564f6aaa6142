import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { accessPlan } from "../../../model/access/plan";
import { ADMIN_USER, SUPERUSER } from "../../../model/postgresql/names";
import { moveSql } from "../../../tools/adopt/move-sql";
import { readLive } from "../../../tools/adopt/read-live";
import { type EmbeddedServer, startServer } from "../../../tools/postgres/embedded-server";
import { verify } from "../../../tools/verify/verify";
import { parse } from "../../helpers/environment";
import { catalogReader } from "../../helpers/postgres";
import { withAccess } from "../../model/config/mistakes";
import { as, LEGACY_ACCESS, makeLegacyShop, rights } from "./legacy-shop";

const plan = accessPlan(parse(withAccess(LEGACY_ACCESS)));
let server: EmbeddedServer;
beforeAll(async () => {
  server = await startServer();
  await makeLegacyShop(server);
}, 60_000);
afterAll(() => server.stop());

const run = async (phase: "move" | "finish") => {
  const live = await readLive(catalogReader(server, ADMIN_USER));
  return as(server, ADMIN_USER, "shop", (client) => client.query(moveSql(plan, live, "shop", phase)));
};
const make = (from: number, to: number) =>
  as(server, SUPERUSER, "shop", (client) =>
    client.query(`DO $$ BEGIN FOR n IN ${from}..${to} LOOP
      EXECUTE format('CREATE TABLE public.t%s (id serial PRIMARY KEY, note text)', n);
      EXECUTE format('ALTER TABLE public.t%s OWNER TO shop_app', n);
      IF n % 200 = 0 THEN COMMIT; END IF; END LOOP; END $$`),
  );

test("a thousand tables with a sequence each are moved in one transaction, and finished with", async () => {
  await make(1, 1000);
  await run("move");
  await run("finish");
  expect((await verify(plan, catalogReader(server))).findings).toEqual([]);
}, 120_000);

test("more than the server has locks for fail as one, with PostgreSQL's advice", async () => {
  await make(1001, 6000);
  const was = await rights(server);
  await expect(run("move")).rejects.toThrow("out of shared memory");
  expect(await rights(server)).toEqual(was);
}, 240_000);
