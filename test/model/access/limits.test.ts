import { describe, expect, test } from "@jest/globals";
import { expectation } from "../../../model/access/expectation";
import { accessPlan } from "../../../model/access/plan";
import { accessReport } from "../../../model/access/report";
import { databaseScript } from "../../../model/access/sql";
import { MINIMAL, parse } from "../../helpers/environment";

const OWNER = `    m: { namespace: shop, grants: { shop.orders: owner } }
`;
const plan = (defaults: string, own = "") =>
  accessPlan(
    parse(
      `${MINIMAL.replace("access:\n", `access:\n  defaults: { ${defaults} }\n`)}${own.replace(/^(?=.)/gm, "      ")}${OWNER}`,
    ),
  );
const settingsOf = (made: ReturnType<typeof plan>) =>
  Object.fromEntries(
    expectation(made).roles.flatMap(({ name, kind, settings }) =>
      kind === "database user" ? [[name, settings]] : [],
    ),
  );

const ALL =
  "connectionLimit: 7, statementTimeout: 30s, idleInTransactionSessionTimeout: 1min, searchPath: [orders, public]";

describe("limits", () => {
  test("that the file says nothing of are in no rendering", () => {
    const made = plan("");
    const renderings = [JSON.stringify(made), databaseScript(made, "shop"), accessReport(made)];
    for (const text of renderings) {
      expect(text).not.toMatch(
        /statement_?timeout|idle_?in_?transaction|ensure_values|searchPath|its sessions/i,
      );
    }
    expect(settingsOf(made)).toEqual({ m: ["role=shop_orders_owner"], orders_api: [] });
  });

  test("of all hold for each, in milliseconds", () => {
    for (const identity of plan(ALL).identities) {
      expect(identity).toMatchObject({
        connectionLimit: 7,
        statementTimeout: 30_000,
        idleInTransactionSessionTimeout: 60_000,
        searchPath: ["orders", "public"],
      });
    }
  });

  test("of one count in place of those of all, each by itself, and none takes one away", () => {
    const [, api] = plan(ALL, "connectionLimit: 20\nstatementTimeout: 2h\n").identities;
    expect(api).toMatchObject({
      connectionLimit: 20,
      statementTimeout: 7_200_000,
      idleInTransactionSessionTimeout: 60_000,
      searchPath: ["orders", "public"],
    });
    const [owner, other] = plan(
      ALL,
      'idleInTransactionSessionTimeout: none\nsearchPath: ["$user"]\n',
    ).identities;
    expect(other).not.toHaveProperty("idleInTransactionSessionTimeout");
    expect(other).toMatchObject({ statementTimeout: 30_000, searchPath: ["$user"] });
    expect(owner).toHaveProperty("idleInTransactionSessionTimeout", 60_000);
  });

  test("for all of none is as if the file said nothing", () => {
    expect(plan("statementTimeout: none, idleInTransactionSessionTimeout: none")).toEqual(plan(""));
  });

  test("are expected of a live database without units, and with each name of a path in quotes", () => {
    expect(settingsOf(plan(ALL, 'searchPath: ["$user", orders]\n'))).toEqual({
      m: [
        "role=shop_orders_owner",
        "statement_timeout=30000",
        "idle_in_transaction_session_timeout=60000",
        'search_path="orders", "public"',
      ],
      orders_api: [
        "statement_timeout=30000",
        "idle_in_transaction_session_timeout=60000",
        'search_path="$user", "orders"',
      ],
    });
  });

  test("that one has and another not are taken back from the other", () => {
    const script = databaseScript(plan("", "statementTimeout: 30s\n"), "shop");
    expect(script).toContain(
      "PERFORM pg_temp.ensure_values('orders_api', 'statement_timeout', ARRAY['30000']::text[]);",
    );
    expect(script).toContain("PERFORM pg_temp.ensure_values('m', 'statement_timeout', ARRAY[]::text[]);");
    expect(script).toContain("PERFORM pg_temp.ensure_values('orders_api', 'search_path', ARRAY[]::text[]);");
  });

  test("are in the report, in a column that is there for them alone", () => {
    const page = accessReport(
      plan("", "statementTimeout: 30s\nidleInTransactionSessionTimeout: 90s\nsearchPath: [orders, public]\n"),
    );
    expect(page).toContain("| database user | at once | its sessions |");
    expect(page).toContain(
      "| orders_api | 100 | statements end after 30s<br>open transactions end after 90s<br>names are looked up in orders, public |",
    );
    expect(page).toContain("| m | 100 |  |");
  });
});
