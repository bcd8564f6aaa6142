import { expect, test } from "@jest/globals";
import { compared, planOf } from "./plans";

const dev = planOf("dev");
const adopting = (said: string) =>
  planOf("dev", { "  services:\n": `  adopted: { shop: ${said} }\n  services:\n` });

test("a database that Terraform takes over is one line, with where what was in public goes", () => {
  expect(compared(dev, adopting("{}"))).toEqual([
    "resource-changed: shop: was there already, and Terraform takes it over",
  ]);
  expect(compared(adopting("{}"), adopting("{ public: orders }"))).toEqual([
    "resource-changed: shop: was there already, and Terraform takes it over; what was in public is in orders",
  ]);
});

test("that the line is gone again, once Terraform has it, is said too", () => {
  expect(compared(adopting("{ public: orders }"), dev)).toEqual([
    "resource-changed: shop: Terraform has it, and takes it over no more",
  ]);
});
