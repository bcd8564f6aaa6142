import { expect, test } from "@jest/globals";
import { startLoginPaths } from "../../../tools/laptop/login-paths";

/** By each way. */
const LOGINS = 20;

test("what is measured are these logins: as one user, by a new token each time, by one, and by one of the proxy's", async () => {
  const { paths, stop } = await startLoginPaths();
  try {
    for (const { connect } of paths) {
      const users = new Set<string>();
      for (let login = 0; login < LOGINS; login++) {
        const client = await connect();
        users.add((await client.query("SELECT current_user AS user")).rows[0].user);
        await client.end();
      }
      expect([...users]).toEqual([connect === paths[0]?.connect ? "postgres" : "bench"]);
    }
    const [password, each, reused, proxied = 0] = paths.map(({ newTokens }) => newTokens?.());
    expect([password, each, reused]).toEqual([undefined, LOGINS, 1]);
    // It takes a session back a moment after the client is gone, and opens another one for who comes before.
    expect([proxied > 0, proxied < LOGINS]).toEqual([true, true]);
  } finally {
    await stop();
  }
}, 60_000);
