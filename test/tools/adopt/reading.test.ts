import { expect, test } from "@jest/globals";
import { readLive } from "../../../tools/adopt/read-live";
import { SERVER, START } from "../../../tools/catalog/catalog-queries";

/** A server that answers nothing but who it is and which databases it has; and all that it was asked. */
function fake(
  version: number,
  databases: readonly { readonly name: string; readonly connectable: boolean }[],
) {
  const asked: string[][] = [];
  let open = 0;
  const answers: Readonly<Record<string, readonly object[]>> = {
    [SERVER]: [{ version, serverVersion: String(version / 10000), user: "me", readsPasswords: false }],
  };
  const connect = async (database?: string) => {
    const statements = [`connect ${database}`];
    asked.push(statements);
    open++;
    return {
      query: async <Row extends object>(sql: string) => {
        statements.push(sql);
        const all = sql.includes("FROM pg_database d WHERE") ? databases : answers[sql];
        return [...(all ?? [])] as unknown as readonly Row[];
      },
      close: async () => {
        open--;
      },
    };
  };
  return { asked, connect, open: () => open };
}

test("a server is read in transactions that only read, and every connection is closed", async () => {
  const server = fake(170000, [
    { name: "a", connectable: true },
    { name: "b", connectable: false },
  ]);
  const live = await readLive(server.connect);
  expect(live.databases.map(({ name, connectable }) => [name, connectable])).toEqual([
    ["a", true],
    ["b", false],
  ]);
  expect(server.asked.map(([where]) => where)).toEqual(["connect undefined", "connect a"]);
  for (const [, first, ...rest] of server.asked) {
    const [begin, ...inside] = first === SERVER ? rest : [first, ...rest];
    expect(begin).toBe(START);
    expect(inside.at(-1)).toBe("COMMIT");
    expect(inside.slice(0, -1).filter((sql = "") => !/^\s*(SELECT|WITH)\b/.test(sql))).toEqual([]);
  }
  expect(START).toMatch(/READ ONLY/);
  expect(server.open()).toBe(0);
});

test("a server that is too old is not read", async () => {
  const server = fake(140000, []);
  await expect(readLive(server.connect)).rejects.toThrow("15 is the oldest supported");
  expect(server.open()).toBe(0);
});
