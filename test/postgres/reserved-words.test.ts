import { expect } from "@jest/globals";
import { ADMIN_USER } from "../../model/postgresql/names";
import { RESERVED_WORDS } from "../../model/postgresql/reserved-words";
import { startServer } from "../../tools/postgres/embedded-server";
import { versionsToTry } from "../helpers/extent";
import { testUnless } from "../helpers/skip";

for (const { version, unavailable } of versionsToTry()) {
  testUnless(
    unavailable,
    `PostgreSQL ${version} reserves no word that is not known`,
    async () => {
      const server = await startServer({ version });
      try {
        const client = await server.connect({ user: ADMIN_USER, database: "postgres" });
        const { rows } = await client.query<{ word: string }>(
          "SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T')",
        );
        await client.end();
        const words = rows.map(({ word }) => word);
        expect(words.length).toBeGreaterThan(90);
        expect(words.filter((word) => !RESERVED_WORDS.includes(word))).toEqual([]);
      } finally {
        await server.stop();
      }
    },
    60_000,
  );
}
