import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { LiveServer } from "../../../tools/adopt/live-server";
import { readLive } from "../../../tools/adopt/read-live";
import { type EmbeddedServer, startServer } from "../../../tools/postgres/embedded-server";
import { catalogReader } from "../../helpers/postgres";

let server: EmbeddedServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

test("an untouched server has one database of a user's, and nothing of anybody's in it", async () => {
  const live: LiveServer = await readLive(catalogReader(server, "postgres"));
  expect(live.user).toBe("postgres");
  expect(live.databases.map(({ name }) => name)).toEqual(["postgres"]);
  expect(live.databases[0]).toMatchObject({ objects: [], others: [], extensions: [], mentions: [] });
});
