import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { DEFAULT_RULES } from "../../model/config/review/schema";
import { ROOT } from "../helpers/run";

const PAGE = readFileSync(join(ROOT, "docs/reviewing.md"), "utf8");

test("the page has every standing rule with its default", () => {
  const rows = [...PAGE.matchAll(/^\| `(\w+)` \| `([^`]+)` \| \S.* \|$/gm)].map(([, name, value]) => [
    name,
    value,
  ]);
  const texts = Object.entries(DEFAULT_RULES.rules).map(([name, value]) => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  expect(rows).toEqual(texts);
});
