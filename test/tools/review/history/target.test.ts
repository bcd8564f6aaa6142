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
