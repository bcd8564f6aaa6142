import { expect, test } from "@jest/globals";
import { accessPlan } from "../../../../model/access/plan";
import { changeOf } from "../../../../tools/review/history/target";
import { declared, MINIMAL, parse } from "../../../helpers/environment";

const SECOND = "  services:\n    audit:\n      namespace: audit\n      grants: { shop.orders: read-write }\n";
const plan = accessPlan(parse(declared(MINIMAL.replace("  services:\n", SECOND))));
/** The plan of a version whose levels had nothing of functions. */
const before = {
  ...plan,
  databases: plan.databases.map((database) => ({
    ...database,
    grants: database.grants.filter(({ objectType, role }) => objectType !== "function" || role === "public"),
  })),
};

test("a gain that many have at once is in the history of each, and of the schema, and of no other", () => {
  for (const name of ["orders-api", "audit", "shop.orders"]) {
    const { texts } = changeOf(name, before, plan);
    expect(texts.join("\n")).toContain("EXECUTE on functions");
    expect(texts.join("\n")).toContain("shop.orders");
  }
  expect(changeOf("nobody", before, plan)).toEqual({ texts: [], calledBefore: "nobody" });
  expect(changeOf("orders-api", plan, plan)).toEqual({ texts: [], calledBefore: "orders-api" });
});

test("what all services have in common is in the history of each, and of nobody else", () => {
  const proxied = {
    ...plan,
    eksCluster: "test",
    identities: plan.identities.map((each) => ({
      ...each,
      through: "proxy" as const,
      takesRoleBy: "both" as const,
    })),
  };
  for (const key of ["audit", "orders-api"]) {
    const texts = changeOf(key, plan, proxied).texts.join("\n");
    expect(texts).toContain("connections go through the RDS Proxy");
    expect(texts).toContain("pods may take the IAM role by IRSA and Pod Identity");
  }
  // Words of a line are nobody's names.
  for (const name of ["nobody", "pods", "connections"]) {
    expect(changeOf(name, plan, proxied).texts).toEqual([]);
  }
});

test("a service that runs elsewhere has one history, with who might become it when", () => {
  const at = (keys: string) => accessPlan(parse(MINIMAL.replace("namespace: shop", keys)));
  const moved = changeOf("orders-api", at("namespace: shop"), at("runsOn: lambda"));
  expect(moved).toEqual({
    texts: [
      "orders-api: Lambda functions with its IAM role may newly become it",
      "orders-api: ServiceAccount shop/orders-api may no longer become it",
      "orders-api: how it connects is in the SSM parameters /test/database/orders-api, and no longer in the ConfigMap shop/orders-api-database",
    ],
    calledBefore: "orders-api",
  });
});
