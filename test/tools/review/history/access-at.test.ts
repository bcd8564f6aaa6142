import { expect, test } from "@jest/globals";
import { accessPlan } from "../../../../model/access/plan";
import { review } from "../../../../model/config/review/schema";
import { ACCESS_REPORTS } from "../../../../tools/review/history/access-at";
import { MINIMAL, parse, testFile } from "../../../helpers/environment";

test("who had what names every member, however many they are, each with their database user", () => {
  const members = Array.from({ length: 12 }, (_, index) => `m${index + 10}@acme.com`);
  const text = `${MINIMAL}  people:
    on-call:
      principals: ["arn:aws:iam::123456789012:role/OnCall"]
      members: ${JSON.stringify(members)}
      grants: { shop.orders: read-only, shop.billing: read-only }
`;
  const plan = accessPlan(parse(text));
  const table = ACCESS_REPORTS.text.render({
    name: "then",
    environments: new Map([["test", { plan, stacks: new Map(), rules: review.parse({}) }]]),
  });
  const rows = table.split("\n").map((line) => line.split(/ {2,}/));
  for (const schema of ["shop.billing", "shop.orders"]) {
    expect(rows.filter(([place, key]) => place === schema && key === "on-call")).toEqual(
      members.map((name) => [
        schema,
        "on-call",
        "read-only",
        `${name} by arn:aws:iam::123456789012:role/OnCall, as on_call_${name.slice(0, 3)}`,
      ]),
    );
  }
  expect(table).toMatch(/^shop\.orders +orders-api +read-write +ServiceAccount shop\/orders-api$/m);
});

test("who had what says who might become each service, wherever it ran", () => {
  const plan = accessPlan(parse(testFile("everywhere"), "everywhere.yaml"));
  const table = ACCESS_REPORTS.text.render({
    name: "then",
    environments: new Map([["everywhere", { plan, stacks: new Map(), rules: review.parse({}) }]]),
  });
  const who = new Map(table.split("\n").map((line) => [line.split(/ {2,}/)[1], line.split(/ {2,}/)[3]]));
  expect(Object.fromEntries(who)).toMatchObject({
    "orders-api": "ServiceAccount shop/orders-api",
    invoices: "Lambda functions with its IAM role",
    "nightly-report": "ECS tasks with its IAM role",
    "old-shop": "EC2 instances with its IAM role",
    ledger: "whoever may take the IAM role LegacyLedger (not decided here)",
    deployments:
      "arn:aws:iam::210987654321:role/Deploy (of another account, 210987654321 ci) with the external id acme-7f3c",
  });
});
