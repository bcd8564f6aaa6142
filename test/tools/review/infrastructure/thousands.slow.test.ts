import { expect, test } from "@jest/globals";
import { compareStacks } from "../../../../tools/review/infrastructure/compare-stacks";

test("a stack of the same resources, made of thousands, is compared", () => {
  const many = (value: string) => {
    const names = Array.from({ length: 20_000 }, (_, index) => `a${index}`);
    const resource = {
      aws_kms_alias: Object.fromEntries(names.map((name) => [name, { name, target_key_id: value }])),
    };
    return new Map([["dev-eks", { resource }]]);
  };
  const { findings, counts } = compareStacks(many("a"), many("b"));
  expect(findings.map(({ subject }) => subject)).toEqual(["dev-eks aws_kms_alias.a0 and 19999 more"]);
  expect(counts).toEqual([{ stack: "dev-eks", added: 0, changed: 20_000, replaced: 0, removed: 0 }]);
});
