import { expect, test } from "@jest/globals";
import { accessPlan } from "../../../model/access/plan";
import { accessReport } from "../../../model/access/report";
import { MINIMAL, parse, testEnvironment } from "../../helpers/environment";

test("extensions are rows that say who uses them, what they reach and what for", () => {
  const lines = accessReport(accessPlan(testEnvironment("company"))).split("\n");
  const rows = lines.filter((line) => line.startsWith("| `warehouse.") && line.split("|").length === 6);
  const who = "whoever has a grant in `warehouse`";
  expect(
    rows.map((row) =>
      row
        .split("|")
        .map((cell) => cell.trim())
        .slice(1, -1),
    ),
  ).toEqual([
    ["`warehouse.cube`", who, "", ""],
    [
      "`warehouse.dblink`",
      who,
      "connects to other databases and runs SQL there",
      "reads the old stock list until 2027",
    ],
    ["`warehouse.earthdistance`", who, "", ""],
    ["`warehouse.pg_trgm`", who, "", ""],
    ["`warehouse.vector`", who, "", ""],
  ]);
});

test("one with a schema of its own is the admin's to grant, and a reason cannot draw on the page", () => {
  const text = MINIMAL.replace(
    "shop: [billing, orders]",
    'shop: { schemas: [billing, orders], extensions: [{ name: pg_cron, reason: "a | b <b>" }] }',
  );
  const page = accessReport(accessPlan(parse(text)));
  expect(page).toContain("| `shop.pg_cron` | whom the admin grants it to |");
  expect(page).not.toContain("| b <b>");
});

test("a file without extensions has no such section", () => {
  expect(accessReport(accessPlan(parse()))).not.toContain("xtension");
});
