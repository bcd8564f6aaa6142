import { describe, expect, test } from "@jest/globals";
import { comparePlanAndStacks } from "../../../../tools/review/consistency/plan-and-stack";
import { parse, testFile } from "../../../helpers/environment";
import { readEnvironment } from "./sides";
import { remove, resourceOf, set, type Tampering, tampered } from "./tampering";

const CUBE = ["postgresql_extension", "database-shop_extension-cube"] as const;
const HINTS = ["postgresql_extension", "database-shop_extension-pg_hint_plan"] as const;
const ON_PUBLIC = ["postgresql_grant", "database-shop_schema-orders_read-only-on-public"] as const;

describe("extensions in the stack", () => {
  const side = readEnvironment(
    parse(
      testFile("dev").replace(
        "shop: [billing, orders]",
        "shop: { schemas: [billing, orders], extensions: [cube, pg_hint_plan] }",
      ),
    ),
  );

  test("are what the plan says", () => {
    expect(comparePlanAndStacks(undefined, side)).toEqual([]);
  });

  test.each<[string, Tampering]>([
    [
      "one less",
      {
        says: "that the plan has and the stack has not: postgresql_extension shop cube",
        change: remove(...CUBE),
      },
    ],
    [
      "another one",
      {
        says: "that the plan knows nothing of: postgresql_extension.database-shop_extension-cube",
        change: set(...CUBE, { name: "dblink" }),
      },
    ],
    ["one elsewhere", { says: "another schema", change: set(...CUBE, { schema: "orders" }) }],
    ["one that has its place said", { says: "another schema", change: set(...HINTS, { schema: "public" }) }],
    [
      "one that takes others along",
      { says: "another create_cascade", change: set(...CUBE, { create_cascade: true }) },
    ],
    [
      "one that goes with all of its",
      { says: "another drop_cascade", change: set(...CUBE, { drop_cascade: true }) },
    ],
    [
      "one of which nothing changes any more",
      {
        says: "another lifecycle",
        change: (stack) => resourceOf(stack, ...CUBE).lifecycle.ignore_changes.push("name"),
      },
    ],
    [
      "more on public",
      { says: "another privileges", change: set(...ON_PUBLIC, { privileges: ["USAGE", "CREATE"] }) },
    ],
  ])("with %s is found", (_, tampering) => {
    const texts = comparePlanAndStacks(side, tampered(side, tampering)).map(({ text }) => text);
    expect(texts.join("\n")).toContain(tampering.says);
  });
});
