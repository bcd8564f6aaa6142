import { describe, expect, test } from "@jest/globals";
import { accessPlan } from "../../../../model/access/plan";
import { protectedParts } from "../../../../model/access/protected";
import { parse, problemsOf, warningsOf } from "../../../helpers/environment";
import { withServices } from "../mistakes";

/** A file whose database has these extensions; the list starts in column 44 of its fifth line. */
const withExtensions = (extensions: string) =>
  withServices(
    "a: { namespace: a, grants: { shop.orders: read-only } }",
    `{ shop: { schemas: [orders], extensions: ${extensions} } }`,
  );

describe("an extension", () => {
  test("that reaches beyond the database is refused by name, with what it does, until there is a reason", () => {
    expect(problemsOf(withExtensions("[citext, dblink]"))).toEqual([
      "5:64: dblink connects to other databases and runs SQL there; if that is meant, say what for: { name: dblink, reason: … }",
    ]);
    expect(problemsOf(withExtensions("[citext, { name: dblink, reason: until 2027 }]"))).toEqual([]);
  });

  test.each(["postgres_fdw", "aws_s3", "aws_lambda", "aws_ml", "pg_cron", "pglogical", "pg_tle", "orafce"])(
    "%s wants a reason",
    (name) => {
      expect(problemsOf(withExtensions(`[aws_commons, ${name}]`))).toEqual([
        expect.stringMatching(
          new RegExp(`^5:69: ${name} .*; if that is meant, say what for: \\{ name: ${name},`),
        ),
      ]);
    },
  );

  test.each(["mongo_fdw", "aws_bedrock"])(
    "%s, of which nobody has heard, wants one for its name's sake",
    (name) => {
      expect(problemsOf(withExtensions(`[${name}]`))).toEqual([expect.stringContaining("say what for")]);
      const meant = withExtensions(`[{ name: ${name}, reason: for now }]`);
      expect(problemsOf(meant)).toEqual([]);
      expect(warningsOf(meant)).toEqual([expect.stringContaining("is no extension that this project knows")]);
    },
  );

  test("may have a reason where none is asked for", () => {
    const plan = accessPlan(parse(withExtensions("[{ name: citext, reason: addresses of mail }]")));
    expect(plan.databases[0]?.extensions).toEqual([
      { name: "citext", schema: "public", reason: "addresses of mail" },
    ]);
  });

  test("comes with what it needs, or says what is missing", () => {
    expect(problemsOf(withExtensions("[earthdistance, postgis_tiger_geocoder]"))).toEqual([
      "5:56: earthdistance needs cube; add it to the list",
      "5:71: postgis_tiger_geocoder needs fuzzystrmatch and postgis; add them to the list",
    ]);
  });

  test("is named once, in either form, and plpgsql never", () => {
    expect(problemsOf(withExtensions("[citext, { name: citext, reason: again }, plpgsql]"))).toEqual([
      '5:64: "citext" is listed twice; remove one',
      "5:97: every database has plpgsql; remove it",
    ]);
  });

  test("that is not known is a warning, with the one that is near", () => {
    const text = withExtensions("[vecter, nothing_like_it]");
    expect(problemsOf(text)).toEqual([]);
    expect(warningsOf(text)).toEqual([
      '5:56: "vecter" is no extension that this project knows, so nothing is known of what it lets people do; did you mean "vector"?',
      '5:64: "nothing_like_it" is no extension that this project knows, so nothing is known of what it lets people do; see whether Aurora offers it',
    ]);
  });
});

describe("the plan", () => {
  test("makes extensions after those that they need, whatever the order in the file", () => {
    const names = (list: string) =>
      accessPlan(parse(withExtensions(list))).databases[0]?.extensions?.map(({ name }) => name);
    expect(names("[postgis_tiger_geocoder, earthdistance, postgis, pg_trgm, fuzzystrmatch, cube]")).toEqual([
      "cube",
      "earthdistance",
      "fuzzystrmatch",
      "pg_trgm",
      "postgis",
      "postgis_tiger_geocoder",
    ]);
    expect(names("[aws_commons, { name: aws_s3, reason: exports }]")).toEqual(["aws_commons", "aws_s3"]);
    expect(names("[plperl, bool_plperl]")).toEqual(["plperl", "bool_plperl"]);
  });

  test("gives each group of the database USAGE on public, and only where an extension is there", () => {
    const users = (list: string, schemas = "[orders]") =>
      accessPlan(parse(withExtensions(list).replace("[orders]", schemas)))
        .databases[0]?.grants.filter(
          ({ schema, objectType, privileges }) =>
            schema === "public" && objectType === "schema" && privileges.length > 0,
        )
        .map(({ role, privileges }) => `${role} ${privileges}`);
    expect(users("[citext]")).toEqual([
      "shop_orders_owner USAGE",
      "shop_orders_rw USAGE",
      "shop_orders_ro USAGE",
    ]);
    expect(users("[pg_hint_plan]")).toEqual([]);
    // Those of public itself have it anyway: no grant is made twice.
    expect(users("[citext]", "[orders, public]")).toEqual(
      [
        "shop_public_rw USAGE",
        "shop_public_ro USAGE",
        "shop_orders_owner USAGE",
        "shop_orders_rw USAGE",
        "shop_orders_ro USAGE",
      ].sort((left, right) => Number(left.includes("orders")) - Number(right.includes("orders"))),
    );
  });

  test("protects each from leaving the file, under the name that the database has now", () => {
    const text = withExtensions("[citext]").replace("  services:", "  renamed: { store: shop }\n  services:");
    expect(protectedParts(accessPlan(parse(text)))).toContainEqual({
      name: "extension shop.citext",
      renamedFrom: "extension store.citext",
    });
    expect(protectedParts(accessPlan(parse(withExtensions("[citext]"))))).toContainEqual({
      name: "extension shop.citext",
    });
  });

  test("of a file without extensions has no word of them", () => {
    expect(JSON.stringify(accessPlan(parse()))).not.toContain("extension");
  });
});
