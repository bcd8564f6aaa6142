import { describe, expect, test } from "@jest/globals";
import type { AdoptedRole, LiveServer } from "../../../tools/adopt/live-server";
import { propose } from "../../../tools/adopt/propose";
import { database, FACTS, grant, role, schema, server, tables } from "./live";

const EXTENSION = { name: "citext", schema: "public", owner: "rdsadmin", relocatable: true };

/** A login that reads shop.orders, with what is said of it, of the database and of the server. */
function reader(
  different: Partial<AdoptedRole>,
  more: Parameters<typeof database>[1] = {},
  whole: Partial<LiveServer> = {},
) {
  const login = different.name ?? "app";
  const live = server({
    roles: [role(login, different)],
    databases: [
      database("shop", {
        ...more,
        schemas: [
          schema("app", { grants: [grant(login, "USAGE")] }),
          schema("orders", { grants: [grant(login, "USAGE")] }),
        ],
        objects: [
          tables("app", "postgres", ["x"], [grant(login, "SELECT")]),
          tables("orders", "postgres", ["x"], [grant(login, "SELECT")]),
          tables("public", "postgres", ["x"], [grant(login, "SELECT")]),
        ],
      }),
    ],
    ...whole,
  });
  const { access, beyond } = propose(live, FACTS);
  const {
    grants: _,
    namespace: __,
    ...settings
  } = Object.entries(access?.services ?? {}).find(([key]) => key === `${login}-iam`)?.[1] ?? {
    grants: {},
    namespace: "",
  };
  return {
    settings,
    lines: beyond.filter(({ where }) => where === `login ${login}`).map(({ what }) => what),
  };
}

const set = (setting: string, where: string | null = null) => ({ settings: [{ database: where, setting }] });

describe("unqualified names are found where they are found today", () => {
  test.each([
    ["by PostgreSQL's own path, what is in public where it moves to", {}, ["app", "shop"]],
    ["by a path of the login's", set("search_path=orders, app"), ["orders", "app"]],
    [
      "by one in quotes, with names that are nowhere",
      set('search_path="$user", "Not here", orders'),
      ["app", "orders"],
    ],
    [
      "by one for this database, which goes before one for all",
      {
        settings: [
          { database: "shop", setting: "search_path=orders" },
          { database: null, setting: "search_path=app" },
        ],
      },
      ["orders"],
    ],
    ["nowhere", set('search_path=""'), undefined],
    ["upper case without quotes is lower case", set("search_path=ORDERS"), ["orders"]],
    ["not by one for another database", set("search_path=orders", "else"), ["app", "shop"]],
  ] as const)("%s", (_, different, path) => {
    expect(reader({ ...different }).settings.searchPath).toEqual(path);
  });

  test("by a path of the database's", () => {
    expect(reader({}, { settings: ["search_path=orders", "work_mem=1MB"] }).settings.searchPath).toEqual([
      "orders",
    ]);
  });

  test("what extensions put into public stays there, and is found after the rest", () => {
    expect(reader({}, { extensions: [EXTENSION] }).settings.searchPath).toEqual(["app", "shop", "public"]);
    const elsewhere = { ...EXTENSION, schema: "app" };
    expect(reader({}, { extensions: [elsewhere] }).settings.searchPath).toEqual(["app", "shop"]);
    // With nothing but that it is PostgreSQL's own path that fits.
    const nowhere = reader(set("search_path=public"), { extensions: [EXTENSION], schemas: [] });
    expect(nowhere.settings.searchPath).toEqual(["shop", "public"]);
  });
});

describe("limits and times stay what they are", () => {
  test.each([
    ["statement_timeout=30s", { statementTimeout: "30s" }],
    ["statement_timeout=90000", { statementTimeout: "90s" }],
    ["statement_timeout=2 min", { statementTimeout: "2min" }],
    ["idle_in_transaction_session_timeout=1h", { idleInTransactionSessionTimeout: "1h" }],
  ])("%s", (setting, expected) => {
    const { settings, lines } = reader(set(setting));
    expect(settings).toMatchObject(expected);
    expect(lines).toEqual([]);
    expect(reader(set(setting, "shop")).settings).toMatchObject(expected);
  });

  test("what is said for one database goes before what is said for all", () => {
    const settings = [
      { database: "shop", setting: "statement_timeout=1s" },
      { database: null, setting: "statement_timeout=2s" },
    ];
    expect(reader({ settings }).settings).toMatchObject({ statementTimeout: "1s" });
  });

  test.each([
    ["statement_timeout=0", null],
    ["statement_timeout=soon", null],
    ["statement_timeout=30s", "else"],
    ["work_mem=64MB", null],
  ])("what the file has no key for is named: %s", (setting, where) => {
    const { settings, lines } = reader(set(setting, where));
    expect(settings).toEqual({ searchPath: ["app", "shop"] });
    expect(lines).toEqual([
      `It has the setting ${setting}${where === null ? "" : ` in the database ${where}`}, for which a service has no key.`,
    ]);
  });

  test("the role that its sessions run as is no setting to keep", () => {
    expect(reader(set("role=owners")).lines).toEqual([]);
  });

  test("a time that the model does not take is named in the model's words", () => {
    const { settings } = reader(set("statement_timeout=1"));
    expect(settings.statementTimeout).toBeUndefined();
  });

  test.each([
    [-1, 0, undefined],
    [-1, 50, undefined],
    [-1, 51, 110],
    [30, 51, 30],
    [0, 0, undefined],
    [9000, 0, undefined],
  ])("of %d connections and %d in use", (connectionLimit, pids, expected) => {
    const sessions = [{ role: "app", oid: 1, pids: Array.from({ length: pids }, (_, index) => index) }];
    expect(reader({ connectionLimit }, {}, { sessions }).settings.connectionLimit).toBe(expected);
  });
});
