import { expect, test } from "@jest/globals";
import { expectation } from "../../../model/access/expectation";
import { accessPlan } from "../../../model/access/plan";
import { mayNotRead, mayReadAll } from "../../../tools/verify/who-may";
import { testEnvironment } from "../../helpers/environment";

const dev = expectation(accessPlan(testEnvironment("dev")));

test("who may verify is whoever the plan lets into every database, and nobody else", () => {
  expect(mayReadAll(dev)).toEqual(["on_call"]);
  const [first, ...others] = dev.databases;
  if (!first) throw new Error("dev has databases");
  // In the one, but with no right to connect.
  const shut = { ...dev, databases: [{ ...first, grants: [] }, ...others] };
  expect(mayReadAll(shut)).toEqual([]);
  const other = first.grants.map((grant) => ({ ...grant, privileges: ["TEMPORARY"] }));
  expect(mayReadAll({ ...dev, databases: [{ ...first, grants: other }, ...others] })).toEqual([]);
});

test("who may not is told of all the databases at once, and of who may", () => {
  expect(mayNotRead(dev, "orders_api", ["board"])).toBe(
    "orders_api may not connect to the database board, or nobody may, and whoever verifies looks into all of the plan's; by the plan that is on_call and the admin postgres",
  );
  expect(mayNotRead(dev, "on_call", ["board", "shop"])).toMatch(
    /^on_call may not connect to the databases board, shop, .* by the plan that is the admin postgres$/,
  );
});

test("of many who may, some are named and the others counted", () => {
  const [first] = dev.roles.filter(({ name }) => name === "on_call");
  if (!first) throw new Error("dev has on_call");
  const names = Array.from({ length: 8 }, (_, index) => `user${index}`);
  const everybody = {
    ...dev,
    roles: [...dev.roles, ...names.map((name) => ({ ...first, name }))],
    memberships: [
      ...dev.memberships,
      ...names.flatMap((name) =>
        dev.memberships
          .filter(({ member }) => member === "on_call")
          .map((each) => ({ ...each, member: name })),
      ),
    ],
  };
  expect(mayNotRead(everybody, "x", ["shop"])).toMatch(
    / on_call, user0, user1, user2, user3, 4 more database users and the admin postgres$/,
  );
});
