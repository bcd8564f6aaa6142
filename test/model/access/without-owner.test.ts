import { expect, test } from "@jest/globals";
import { accessPlan } from "../../../model/access/plan";
import { schemasWithoutOwner } from "../../../model/access/without-owner";
import { MINIMAL, parse } from "../../helpers/environment";

test("schemas that no identity owns are those that nobody may migrate, and public is none of them", () => {
  const text = MINIMAL.replace("[billing, orders]", "[billing, orders, public]");
  expect(schemasWithoutOwner(accessPlan(parse(text)))).toEqual(["shop.billing", "shop.orders"]);
  const migrated = `${text}    migrations: { namespace: shop, grants: { shop.billing: owner } }\n`;
  expect(schemasWithoutOwner(accessPlan(parse(migrated)))).toEqual(["shop.orders"]);
});
