import { describe, expect, test } from "@jest/globals";
import { comparePlanAndStacks } from "../../../../tools/review/consistency/plan-and-stack";
import { testEnvironment } from "../../../helpers/environment";
import { readEnvironment } from "./sides";
import { type Anything, resourceOf, tampered } from "./tampering";

const company = readEnvironment(testEnvironment("company"));
const hostsOf = (stack: Anything, service: string): Anything =>
  resourceOf(
    stack,
    "kubernetes_config_map_v1",
    `namespace-${service === "reporting" ? "analytics" : "shop"}_config-map-${service}-database`,
  ).data;

test("what is synthesised for readers says what the plan says", () => {
  expect(comparePlanAndStacks(undefined, company)).toEqual([]);
});

describe("a stack that differs from its plan is found when it has", () => {
  test.each<[string, string, (stack: Anything) => void]>([
    [
      "another host for who works with readers",
      "kubernetes_config_map_v1 with another data",
      (stack) => {
        hostsOf(stack, "reporting").PGHOST = "${local.writer-endpoint}";
      },
    ],
    [
      "no readers for one of several",
      "kubernetes_config_map_v1 with another data",
      (stack) => {
        delete hostsOf(stack, "orders-api").PGHOST_READER;
      },
    ],
    [
      "other readers for one",
      "kubernetes_config_map_v1 with another data",
      (stack) => {
        hostsOf(stack, "orders-api").PGHOST_READER = "evil.example";
      },
    ],
    [
      "other readers for all",
      "local.reader-endpoint that is not what company-database has",
      (stack) => {
        stack.locals["reader-endpoint"] = "evil.example";
      },
    ],
    [
      "the writer in place of the readers",
      "local.reader-endpoint that is not what company-database has",
      (stack) => {
        stack.locals["reader-endpoint"] = stack.locals["writer-endpoint"];
      },
    ],
    [
      "no writer",
      "local.writer-endpoint that is not what company-database has",
      (stack) => {
        delete stack.locals["writer-endpoint"];
      },
    ],
    [
      "no readers for anybody",
      "kubernetes_config_map_v1 with another data than planned",
      (stack) => {
        delete stack.locals["reader-endpoint"];
      },
    ],
    [
      "no readers for all who may write, and one who works with them alone at the writer",
      "kubernetes_config_map_v1 analytics reporting-database",
      (stack) => {
        delete stack.locals["reader-endpoint"];
        for (const each of ["orders-api", "orders-migrations"]) delete hostsOf(stack, each).PGHOST_READER;
        hostsOf(stack, "reporting").PGHOST = "${local.writer-endpoint}";
      },
    ],
  ])("%s", (_, says, change) => {
    const side = tampered(company, { stack: "company-access", says, change });
    const found = comparePlanAndStacks(undefined, side);
    expect(found.map(({ kind, text }) => `${kind} ${text}`).join("\n")).toContain(says);
  });
});
