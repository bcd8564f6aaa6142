import { expect, test } from "@jest/globals";
import { z } from "zod";
import { blocks, PAGES } from "./pages";

const list = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const POLICY = z.object({
  Version: z.literal("2012-10-17"),
  Statement: z.array(
    z.object({
      Effect: z.enum(["Allow", "Deny"]),
      Action: list,
      Resource: list.optional(),
      Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
    }),
  ),
});

/** Every statement of the policies that pages show, with the page. */
const STATEMENTS = PAGES.flatMap((each) =>
  blocks(each)
    .filter(({ language, text }) => language === "json" && text.includes('"Statement"'))
    .flatMap(({ text }) => POLICY.parse(JSON.parse(text)).Statement)
    .map((statement) => ({ page: each.path, ...statement })),
);

test("policies of the docs are JSON, and spell every action out", () => {
  expect(STATEMENTS.length).toBeGreaterThan(3);
  for (const { page, Action } of STATEMENTS) {
    for (const action of Action) {
      expect([page, action]).toEqual([page, expect.stringMatching(/^[a-z0-9-]+:[A-Za-z]+$/)]);
    }
  }
});

test("who may start a session may use only the documents that the policy names, also when naming none", () => {
  const starts = STATEMENTS.filter(({ Action }) => Action.includes("ssm:StartSession"));
  expect(starts.length).toBeGreaterThan(1);
  for (const { page, Resource, Condition } of starts) {
    expect([page, Resource, Condition]).toEqual([
      page,
      expect.anything(),
      expect.objectContaining({ BoolIfExists: { "ssm:SessionDocumentAccessCheck": "true" } }),
    ]);
  }
});
