import { expect, test } from "@jest/globals";
import { stackOf, synthApp, texts } from "../helpers/app";
import { resources } from "../helpers/construct";
import { MINIMAL, parse } from "../helpers/environment";

test("a name that ends with $ is that name to Terraform, and escapes no expression that follows it", () => {
  const renamed = MINIMAL.replace("shop: [billing, orders]", "shop$: [billing, orders$]").replace(
    "shop.orders",
    "shop$.orders$",
  );
  const stacks = synthApp(parse(renamed));
  for (const { path, text } of texts(Object.fromEntries(stacks))) {
    // `$${` is how Terraform writes a literal `${`, and `%{` starts a directive.
    if (/\$\$\{|%\{/.test(text)) throw new Error(`${path}: ${text}`);
  }
  const schemas = Object.values(resources(stackOf(stacks, "test-access"), "postgresql_schema"));
  expect(schemas.map(({ name }) => name)).toEqual(expect.arrayContaining(["billing", "orders$"]));
});
