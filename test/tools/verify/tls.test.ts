import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Client } from "pg";
import { expectation } from "../../../model/access/expectation";
import { accessPlan } from "../../../model/access/plan";
import { type EmbeddedServer, startServer } from "../../../tools/postgres/embedded-server";
import { compareCatalog } from "../../../tools/verify/compare-catalog";
import { readCatalog } from "../../../tools/verify/read-catalog";
import { parse } from "../../helpers/environment";
import { catalogConnection } from "../../helpers/postgres";

const expected = expectation(accessPlan(parse()));
let server: EmbeddedServer;

beforeAll(async () => {
  server = await startServer();
}, 60_000);
afterAll(() => server?.stop());

/** What is said of TLS on a server that shows this for rds.force_ssl. */
async function said(forceSsl?: string): Promise<{ holds: number; details: string[] }> {
  const live = await readCatalog(expected, async () => {
    const client = new Client({
      ...server.clientConfig(),
      // A setting with a dot in its name may be made up in a session: the server is not RDS.
      ...(forceSsl !== undefined && { options: `-c rds.force_ssl=${forceSsl}` }),
    });
    await client.connect();
    return catalogConnection(client);
  });
  const { holds, findings } = compareCatalog(expected, live);
  return {
    holds: holds.setting,
    details: findings.filter(({ subject }) => subject === "server").map(({ detail }) => detail),
  };
}

test("a database that takes connections without TLS is found, and one that does not is as planned", async () => {
  const elsewhere = await said();
  expect(elsewhere.details).toEqual([]);
  for (const on of ["1", "on"]) {
    expect(await said(on)).toEqual({ holds: elsewhere.holds + 1, details: [] });
  }
  for (const off of ["0", "off"]) {
    expect(await said(off)).toEqual({
      holds: elsewhere.holds,
      details: [
        `takes connections without TLS: rds.force_ssl is ${off}; set it to 1 in the database's parameter group`,
      ],
    });
  }
}, 30_000);
