import { describe, expect, test } from "@jest/globals";
import { expectation } from "../../../model/access/expectation";
import { accessPlan } from "../../../model/access/plan";
import { compareCatalog } from "../../../tools/verify/compare-catalog";
import { MINIMAL, parse } from "../../helpers/environment";
import { asPlanned } from "../../helpers/live-catalog";

const expected = expectation(
  accessPlan(
    parse(`${MINIMAL.replace("[billing, orders]", "[Wares, orders]").replace("read-write }", "read-write, shop.Wares: read-only }")}
      statementTimeout: 30s
      searchPath: [orders, Wares, "$user"]
`),
  ),
);

/** What is said of the login's settings when the server has these. */
const found = (...settings: string[]) => {
  const live = asPlanned(expected);
  const roles = live.roles.map((role) =>
    role.name === "orders_api"
      ? { ...role, settings: settings.map((setting) => ({ database: null, setting })) }
      : role,
  );
  return compareCatalog(expected, { ...live, roles }).findings.map(
    ({ kind, subject, detail, fix }) => `${kind}: ${subject} ${detail}: ${fix}`,
  );
};
const PATH = 'search_path=orders, "Wares", "$user"';
const PLANNED = 'search_path="orders", "Wares", "$user"';

describe("a login's settings", () => {
  test.each([
    ["in quotes where PostgreSQL needs them", PATH],
    ["in quotes where another version needs them", PLANNED],
    ["as a session had them", 'search_path=ORDERS,"Wares",  "$user"'],
  ])("may have the names of a path %s", (_, path) => {
    expect(found("statement_timeout=30000", path)).toEqual([]);
  });

  test.each([
    ["in another order", 'search_path="Wares", orders, "$user"'],
    ["with one more", `search_path=evil, orders, "Wares", "$user"`],
    ["with one less", 'search_path=orders, "$user"'],
    ["as one name", 'search_path="orders, Wares, $user"'],
    ["in another case", 'search_path=orders, Wares, "$user"'],
    ["with none", 'search_path=""'],
  ])("may not have a path %s", (_, path) => {
    expect(found("statement_timeout=30000", path)).toEqual([
      `different: database user orders_api has the setting ${path} in place of ${PLANNED}: ALTER ROLE "orders_api" SET search_path = "orders", "Wares", "$user";`,
    ]);
  });

  test("that are gone come back with a deployment", () => {
    expect(found(PATH)).toEqual([
      "missing: database user orders_api lacks the setting statement_timeout=30000: npx cdktf deploy test-access",
    ]);
  });

  test("with a unit are other ones, though they say the same: Terraform's provider cannot read them", () => {
    expect(found("statement_timeout=30s", PATH)).toEqual([
      `different: database user orders_api has the setting statement_timeout=30s in place of statement_timeout=30000, which Terraform's provider cannot read: until it is gone, no deployment goes on: ALTER ROLE "orders_api" SET statement_timeout = '30000';`,
    ]);
  });

  test("are no others than planned", () => {
    expect(found("statement_timeout=30000", PATH, "work_mem=1GB")).toEqual([
      'extra: database user orders_api has the setting work_mem=1GB: ALTER ROLE "orders_api" RESET "work_mem";',
    ]);
  });
});
