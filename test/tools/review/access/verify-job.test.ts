import { expect, test } from "@jest/globals";
import { planProblem } from "../../../../tools/review/access/plan-shape";
import { altered, compared, databaseIn, identityIn, planOf } from "./plans";

const JOB = {
  "\nnetwork:": '\nverify: { schedule: "0 5 * * *", image: verify:1.0.0, namespace: shop }\nnetwork:',
};
const dev = planOf("dev");
const withJob = planOf("dev", JOB);

test("a job that verifies is a new identity: who it is, that it may connect to every database, and put metrics", () => {
  const lines = compared(dev, withJob);
  expect(lines).toEqual([
    "identity-added: verify: a new service that verifies, as a job; ServiceAccount shop/verify may log in as verify and has board, shop as a database (CONNECT on the database)",
  ]);
});

test("taken out it is gone, with what it had", () => {
  expect(compared(withJob, dev)).toEqual([
    "identity-removed: verify: is gone; ServiceAccount shop/verify may no longer log in as verify, and had board, shop as a database (CONNECT on the database)",
  ]);
});

test("a service that becomes it, or no longer is, may put metrics or no more", () => {
  const plain = altered(withJob, (plan) => {
    delete identityIn(plan, "verify").verifies;
  });
  expect(compared(plain, withJob)).toEqual([
    "access-gained: verify: is newly the job that verifies, and may put its metrics in CloudWatch",
  ]);
  expect(compared(withJob, plain)).toEqual([
    "access-lost: verify: is no longer the job that verifies, and may put no metrics in CloudWatch",
  ]);
});

test("somebody else in its group newly connects to the database, and is named", () => {
  const more = altered(withJob, (plan) => {
    identityIn(plan, "billing-worker").memberOf.push("board_connect");
  });
  const lines = compared(withJob, more);
  expect(lines.join("\n")).toMatch(/access-gained: billing-worker: .*board/);
  expect(lines).toHaveLength(1);
});

test("more for its group is more for it", () => {
  const more = altered(withJob, (plan) => {
    databaseIn(plan, "shop").grants.push({
      role: "shop_connect",
      objectType: "database",
      privileges: ["CREATE"],
    });
  });
  // A grant twice is a plan that contradicts itself, and is never taken for one that says less.
  expect(planProblem(more)).toMatch(/the grant .*shop_connect.* twice/);
  const create = altered(withJob, (plan) => {
    const grant = databaseIn(plan, "shop").grants.find(
      ({ role }: { role: string }) => role === "shop_connect",
    );
    grant.privileges = ["CONNECT", "CREATE"];
  });
  expect(compared(withJob, create).join("\n")).toMatch(/access-gained: verify: .*CREATE on the database/);
});

test("its group by another name is a role like any other: who leaves the one and joins the other is said", () => {
  const renamed = altered(withJob, (plan) => {
    const database = databaseIn(plan, "shop");
    database.connectGroup = "shop_look";
    for (const grant of database.grants) if (grant.role === "shop_connect") grant.role = "shop_look";
    const { memberOf } = identityIn(plan, "verify");
    memberOf[memberOf.indexOf("shop_connect")] = "shop_look";
  });
  const lines = compared(withJob, renamed);
  expect(lines.join("\n")).toContain("verify: is newly a member of shop_look, and may do what that may");
});

test("a database that is renamed takes its group along", () => {
  const renamed = planOf("dev", {
    ...JOB,
    "shop: [billing, orders]": "store: [billing, orders]",
    "shop.": "store.",
    "  services:\n": "  renamed: { shop: store }\n  services:\n",
  });
  expect(compared(withJob, renamed)).toEqual([
    "schema-renamed: store: was the database shop; the plan's SQL gives it and its group roles the new name, and whoever had access keeps it",
  ]);
});

test("a plan in which its group is called like another role, or that says it verifies by half, is not compared in words", () => {
  const called = (name: unknown) =>
    planProblem(
      altered(withJob, (plan) => {
        databaseIn(plan, "shop").connectGroup = name;
      }),
    );
  expect(called("orders_api")).toBe('it has the role "orders_api" twice');
  expect(called(7)).toMatch(/^databases\.1\.connectGroup: /);
  const half = altered(withJob, (plan) => {
    identityIn(plan, "verify").verifies = false;
  });
  expect(planProblem(half)).toMatch(/^verify: verifies: /);
  const people = altered(withJob, (plan) => {
    identityIn(plan, "on-call").verifies = true;
  });
  expect(planProblem(people)).toMatch(/^on-call: verifies: /);
});
