import { describe, expect, test } from "@jest/globals";
import { ManagedDatabase } from "../../../constructs/access/managed-database";
import { accessPlan } from "../../../model/access/plan";
import { LEVEL_NAMES } from "../../../model/postgresql/levels";
import { type Block, resources, synthConstruct, type TerraformJson } from "../../helpers/construct";
import { MINIMAL, parse } from "../../helpers/environment";

const plan = (schemas: string) => {
  const [shop] = accessPlan(parse(MINIMAL.replace("[billing, orders]", schemas))).databases;
  if (!shop) throw new Error("no database");
  return shop;
};
const synth = (schemas: string, protect?: boolean): TerraformJson =>
  synthConstruct((stack) => {
    new ManagedDatabase(stack, "shop", { plan: plan(schemas), protect });
  });
const named = (json: TerraformJson, type: string, name: string): Block => {
  const found = Object.values(resources(json, type)).find((block) => block.name === name);
  if (!found) throw new Error(`no ${type} named ${name}`);
  return found;
};

describe("a database", () => {
  const json = synth("[billing, orders, public]");
  const grants = {
    ...resources(json, "postgresql_grant"),
    ...resources(json, "postgresql_default_privileges"),
  };

  test("makes grants on one thing after another, so that no two touch a catalog row at once, and waits no further", () => {
    const waitsFor = (name: string): string[] => {
      const direct = Object.keys(grants).filter((other) =>
        JSON.stringify(grants[name]?.depends_on).includes(`.${other}"`),
      );
      return direct.flatMap((other) => [other, ...waitsFor(other)]);
    };
    const names = Object.keys(grants);
    const on = (name: string) => grants[name]?.schema ?? grants[name]?.owner ?? "the database";
    const atOnce = names.filter((name) =>
      names.some(
        (other) =>
          other !== name &&
          on(other) === on(name) &&
          !waitsFor(name).includes(other) &&
          !waitsFor(other).includes(name),
      ),
    );
    expect(atOnce).toEqual([]);
    const starts = names.filter((name) =>
      JSON.stringify(grants[name]?.depends_on).includes("postgresql_schema."),
    );
    // One of the database, and one of each schema.
    expect(starts).toHaveLength(4);
  });

  test("creates each schema for its owner group, and leaves public as it is", () => {
    expect(Object.values(resources(json, "postgresql_schema")).map(({ name }) => name)).toEqual([
      "billing",
      "orders",
    ]);
    expect(named(json, "postgresql_schema", "orders").owner).toMatch(
      /^\$\{postgresql_role\.\S*schema-orders_owner\S*\.name\}$/,
    );
    expect(json.resource?.postgresql_schema).not.toHaveProperty("drop_cascade");
  });

  test("makes group roles that cannot log in, before the database, which has to be dropped before them", () => {
    for (const role of Object.values(resources(json, "postgresql_role"))) {
      expect(role.login).toBe(false);
      // Otherwise dropping an owner would hand its tables over.
      expect(role.skip_reassign_owned).toBe(true);
    }
    const roles = Object.keys(resources(json, "postgresql_role")).map((id) => `postgresql_role.${id}`);
    const [database] = Object.values(resources(json, "postgresql_database"));
    expect(database?.depends_on).toEqual(expect.arrayContaining(roles));
    expect(Object.keys(resources(json, "postgresql_role"))).toHaveLength(
      // Nobody owns public.
      3 * LEVEL_NAMES.length - 1,
    );
  });

  test("gives a default privilege for each grant on tables and sequences, word for word the same", () => {
    const texts = (type: string) =>
      Object.values(resources(json, type))
        .filter(({ object_type }) => object_type === "table" || object_type === "sequence")
        .map(({ role, schema, object_type, privileges }) =>
          JSON.stringify([role, schema, object_type, privileges]),
        )
        .sort();
    expect(texts("postgresql_default_privileges")).toEqual(texts("postgresql_grant"));
    // On tables and sequences of three schemas, for every level but the one that owns them.
    expect(texts("postgresql_grant")).toHaveLength(2 * 3 * (LEVEL_NAMES.length - 1));
  });

  test("takes everything from PUBLIC", () => {
    const fromPublic = Object.values(grants).filter(({ role }) => role === "public");
    expect(fromPublic.map(({ object_type, privileges }) => [object_type, privileges])).toEqual([
      ["database", []],
      ["schema", []],
      // Of the admin's and of two owner groups' functions to come.
      ["function", []],
      ["function", []],
      ["function", []],
    ]);
  });

  test("takes functions from PUBLIC in every schema, which alone has an effect, and touches none that is there", () => {
    const onFunctions = Object.values(grants).filter(({ object_type }) => object_type === "function");
    expect(onFunctions.filter(({ role }) => role === "public").map(({ schema }) => schema)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(onFunctions).toHaveLength(3 + 2);
    expect(
      Object.values(resources(json, "postgresql_grant")).filter(
        ({ object_type }) => object_type === "function",
      ),
    ).toEqual([]);
  });

  test("is not destroyed by a plan, nor are its schemas and their owners, unless that is asked for", () => {
    const protectedNames = (from: TerraformJson) =>
      ["postgresql_database", "postgresql_role", "postgresql_schema"].flatMap((type) =>
        Object.values(resources(from, type))
          .filter(({ lifecycle }) => JSON.stringify(lifecycle ?? {}).includes('"prevent_destroy":true'))
          .map(({ name }) => name),
      );
    expect(protectedNames(json)).toEqual([
      "shop",
      "shop_billing_owner",
      "shop_orders_owner",
      "billing",
      "orders",
    ]);
    expect(protectedNames(synth("[billing, orders]", false))).toEqual([]);
  });

  test("has a place of its own in the state for schemas with confusable names", () => {
    const names = "[orders, a, a-b, a_b, A_B2, a$b, database, schema, owner, constructor]";
    const roles = Object.values(resources(synth(names), "postgresql_role")).map(({ name }) => name);
    expect(new Set(roles).size).toBe(10 * LEVEL_NAMES.length);
  });
});

describe("a database with extensions", () => {
  const json = synth("{ schemas: [orders], extensions: [earthdistance, cube, pg_hint_plan] }");
  const extensions = resources(json, "postgresql_extension");

  test("creates them in public, one after the other, by what they need, and takes nothing along", () => {
    const all = Object.entries(extensions);
    expect(all.map(([, { name, schema }]) => [name, schema])).toEqual([
      ["cube", "public"],
      ["earthdistance", "public"],
      // Its own control file says where.
      ["pg_hint_plan", undefined],
    ]);
    const ids = all.map(([id]) => `postgresql_extension.${id}`);
    expect(all.map(([, { depends_on }]) => depends_on)).toEqual([undefined, [ids[0]], [ids[1]]]);
    for (const [, block] of all) {
      expect(block.database).toMatch(/^\$\{postgresql_database\./);
      expect(block).not.toHaveProperty("create_cascade");
      expect(block).not.toHaveProperty("drop_cascade");
    }
  });

  test("leaves one that is elsewhere there, and destroys none while it is protected", () => {
    const lifecycles = (from: TerraformJson) =>
      Object.values(resources(from, "postgresql_extension")).map(({ lifecycle }) => lifecycle);
    const here = { prevent_destroy: true, ignore_changes: ["schema"] };
    expect(lifecycles(json)).toEqual([here, here, { prevent_destroy: true }]);
    const unprotected = lifecycles(synth("{ schemas: [orders], extensions: [cube] }", false));
    expect(unprotected).toEqual([{ prevent_destroy: false, ignore_changes: ["schema"] }]);
  });

  test("lets each group use public by a grant of its own, after those that take it from PUBLIC", () => {
    const found = resources(json, "postgresql_grant");
    const named = (start: string) => {
      const id = Object.keys(found).find((each) => each.startsWith(`${start}_`)) ?? "";
      return { id: `postgresql_grant.${id}`, block: found[id] };
    };
    const grants = [
      named("shop_public-on-schema"),
      ...["owner", "read-write", "read-only"].map((level) => named(`shop_schema-orders_${level}-on-public`)),
    ];
    expect(grants.map(({ block }) => [block?.schema, block?.object_type, block?.privileges])).toEqual([
      ["public", "schema", []],
      ...grants.slice(1).map(() => ["public", "schema", ["USAGE"]]),
    ]);
    const before = grants.slice(0, -1).map(({ id }) => [id]);
    expect(grants.slice(1).map(({ block }) => block?.depends_on)).toEqual(before);
  });
});
