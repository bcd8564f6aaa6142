import { describe, expect, test } from "@jest/globals";
import { allowsConnect } from "../../../../tools/review/consistency/allows-connect";

const allow = (Action: unknown, more: object = {}) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*", ...more }] });

describe("a policy may let somebody log in to a database", () => {
  test.each([
    "rds-db:connect",
    "RDS-DB:Connect",
    "*",
    "rds-db:*",
    "rds*",
    "*connect",
    "r?s-db:c*t",
    "rds-db:connect*",
    "**:**",
  ])("by %s", (action) => {
    expect(allowsConnect(allow(action))).toBe(true);
    expect(allowsConnect(allow(["s3:GetObject", action]))).toBe(true);
  });

  test.each([
    [
      "every action but some",
      JSON.stringify({ Statement: { Effect: "Allow", NotAction: "s3:*", Resource: "*" } }),
    ],
    ["an action that is no text", allow({ a: 1 })],
    ["a statement that is none", JSON.stringify({ Statement: ["x"] })],
    ["no statement", "{}"],
    ["what is no JSON", "${local.policy}"],
    ["what is no text", undefined],
    ["what is JSON and no policy", "null"],
  ])("by %s, as far as anybody can tell", (_, policy) => {
    expect(allowsConnect(policy)).toBe(true);
  });

  test("by one statement among others", () => {
    const deny = { Effect: "Deny", Action: "*", Resource: "*" };
    const policy = { Statement: [deny, { Effect: "Allow", Action: "rds-db:connect", Resource: "*" }] };
    expect(allowsConnect(JSON.stringify(policy))).toBe(true);
  });
});

describe("a policy lets nobody log in to a database", () => {
  test.each([
    "s3:*",
    "rds:*",
    "rds-db:connec",
    "rds-db:connectx",
    "rds-db:?",
    "rds-db?connect?",
    "",
    "?",
    "*x*",
    "xrds-db:connect",
  ])("by %j", (action) => {
    expect(allowsConnect(allow(action))).toBe(false);
  });

  test("by denying it", () => {
    expect(allowsConnect(allow("rds-db:connect", { Effect: "Deny" }))).toBe(false);
  });

  test("by a pattern that would keep a careless reader busy for ever", () => {
    expect(allowsConnect(allow(`${"*?".repeat(2000)}x`))).toBe(false);
  });
});
