import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { withLevels } from "../../../../model/config/reference/levels";
import { ROOT } from "../../../helpers/run";

test("docs/access-model.md shows the levels there are (npm run schema)", () => {
  const page = readFileSync(join(ROOT, "docs/access-model.md"), "utf8");
  expect(withLevels(page)).toBe(page);
});

test("nothing but the table changes, and a page without a place for it is refused", () => {
  const page = withLevels("before\n<!-- levels:start -->\nold\n<!-- levels:end -->\nafter $&\n");
  expect(page).toMatch(/^before\n<!-- levels:start -->\n\| level .*<!-- levels:end -->\nafter \$&\n$/s);
  expect(page).not.toContain("old");
  expect(() => withLevels("before\nafter\n")).toThrow("has no levels:start");
});
