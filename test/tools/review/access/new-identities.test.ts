import { expect, test } from "@jest/globals";
import { altered, compared, databaseIn, identityIn, type Json, planOf } from "./plans";

const dev = planOf("dev");

/** The line about a service that is new, made by another version of the code. */
function lineOf(change: (service: Json, plan: Json) => unknown): string | undefined {
  const after = altered(dev, (plan) => {
    const { grants, ...service } = identityIn(plan, "billing-worker");
    const fifth = { ...service, grants, key: "fifth", databaseUser: "fifth", iamRole: "x", configMap: "x" };
    change(fifth, plan);
    plan.identities.push(fifth);
  });
  return compared(dev, after).find((line) => line.startsWith("identity-added: fifth"));
}

test("one that is not in rds_iam could log in with a password, and its line says so", () => {
  expect(lineOf((service) => service.memberOf.shift())).toMatch(
    /; no membership in rds_iam: PostgreSQL would take a password from it$/,
  );
});

test("its line names roles that the plan does not make", () => {
  expect(lineOf((service) => service.memberOf.push("rds_superuser"))).toMatch(/; what rds_superuser may do$/);
});

test("its line names what it may do with a database beyond connecting", () => {
  const line = lineOf((_, plan) => {
    databaseIn(plan, "shop").grants.push({ role: "fifth", objectType: "database", privileges: ["CREATE"] });
  });
  expect(line).toMatch(
    / has shop as a database \(CONNECT, CREATE on the database\) and shop\.billing read-write \(/,
  );
});

test("its line says what it may do by its memberships, whatever the level is called", () => {
  expect(lineOf((service) => service.memberOf.pop())).toMatch(
    / has shop\.billing read-write \(no privileges\)$/,
  );
  expect(lineOf((service) => service.memberOf.push("shop_orders_ro"))).toMatch(
    / and shop\.orders without a level \(SELECT on tables and sequences, USAGE on the schema\)$/,
  );
});
