import { describe, expect, test } from "@jest/globals";
import { addresses, stackOf, synthApp } from "../helpers/app";
import { only } from "../helpers/construct";
import { parse, testFile } from "../helpers/environment";

const dev = testFile("dev");
const access = (text: string) => stackOf(synthApp(parse(text)), "dev-access");
/** Addresses of a stack without cdktf's hashes. */
const plain = (text: string) =>
  addresses(access(text)).map((address) => address.replace(/_[0-9A-F]{8}$/, ""));

describe("a service that is renamed and keeps its ServiceAccount", () => {
  const before = plain(dev);
  const after = plain(
    dev.replace("    orders-api:\n", "    order-service:\n      serviceAccount: orders-api\n"),
  );

  test("keeps it at its address: Terraform neither destroys it nor makes it a second time", () => {
    const address = "kubernetes_service_account_v1.namespace-shop_service-account-orders-api";
    expect(before).toContain(address);
    expect(after).toContain(address);
  });

  test("has nothing else at a new address but what gets a new name", () => {
    expect(after.filter((address) => !before.includes(address))).toEqual([
      "aws_iam_role.service-order-service_role",
      "aws_iam_role_policy.service-order-service_connect",
      "kubernetes_config_map_v1.namespace-shop_config-map-order-service-database",
      "postgresql_role.service-order-service_login",
    ]);
  });
});

describe("what must not leave the file unnoticed", () => {
  const guard = (text: string) => only(access(text), "terraform_data");

  test("is every database, schema and namespace, by name, in a block that stays when one goes", () => {
    const names = [
      "database board",
      "database shop",
      "namespace message-board",
      "namespace shop",
      "schema board.messages",
      "schema shop.billing",
      "schema shop.orders",
    ];
    expect(guard(dev)).toEqual({
      for_each: `\${toset(${JSON.stringify(names).replaceAll(",", ", ")})}`,
      lifecycle: { prevent_destroy: true },
    });
  });

  test("may go once deletion protection is off", () => {
    const off = dev.replace("database:\n", "database:\n  deletionProtection: false\n");
    expect(guard(off).lifecycle).toEqual({ prevent_destroy: false });
  });
});

describe("a schema whose new name is said in the file", () => {
  const sales = dev.replace("[billing, orders]", "[billing, sales]").replaceAll("shop.orders", "shop.sales");
  const stack = access(
    sales.replace("  services:\n", "  renamed: { shop.orders: shop.sales }\n  services:\n"),
  );

  test("has not left: the guard's instance moves", () => {
    expect(stack.moved).toEqual([
      {
        from: 'terraform_data.protected["schema shop.orders"]',
        to: 'terraform_data.protected["schema shop.sales"]',
      },
    ]);
  });

  test("has its group roles already: Terraform takes these over, and nothing else", () => {
    expect(stack.import).toEqual(
      ["owner", "read-write", "read-only"].map((level, index) => ({
        id: `shop_sales_${["owner", "rw", "ro"][index]}`,
        to: expect.stringMatching(
          new RegExp(`^postgresql_role\\.database-shop_schema-sales_${level}_[0-9A-F]{8}$`),
        ),
      })),
    );
  });

  test("leaves nothing behind that Terraform would take away from an owner that is not there any more", () => {
    const [from = ""] = addresses(access(dev)).filter((address) =>
      /shop_schema-orders_public-on-function/.test(address),
    );
    expect(stack.removed).toEqual([{ from, lifecycle: { destroy: false } }]);
  });

  test("may be renamed together with another", () => {
    const both = sales.replace("[billing, sales]", "[bills, sales]").replaceAll("shop.billing", "shop.bills");
    const renamed = "  renamed: { shop.billing: shop.bills, shop.orders: shop.sales }\n  services:\n";
    expect(access(both.replace("  services:\n", renamed)).removed).toHaveLength(2);
  });
});
