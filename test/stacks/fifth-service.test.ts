import { expect, test } from "@jest/globals";
import { synthApp, texts } from "../helpers/app";
import { parse, testFile } from "../helpers/environment";

const dev = testFile("dev");
const FIVE_LINES = `    a-fifth-service:
      namespace: shop
      grants: { shop.orders: read-only }
`;
const flat = (text: string): Map<string, string> =>
  new Map(
    [...synthApp(parse(text))].flatMap(([id, stack]) =>
      texts(stack).map(({ path, text: value }): [string, string] => [`${id}/${path}`, value]),
    ),
  );

test("a fifth service changes only that service's resources, and only in the access stack", () => {
  const before = flat(dev);
  const after = flat(dev.replace("  services:\n", `  services:\n${FIVE_LINES}`));
  const removed = [...before.keys()].filter((path) => after.get(path) !== before.get(path));
  const added = [...after.keys()].filter((path) => !before.has(path) && !path.includes("////metadata/"));
  const addedTo = [
    ...new Set(
      added.map((path) =>
        path
          .split("/")
          .slice(0, 4)
          .join("/")
          .replace(/_[0-9A-F]{8}/, ""),
      ),
    ),
  ];
  expect(removed).toEqual([]);
  expect(addedTo.sort()).toEqual([
    "dev-access/output/role-arns/value",
    "dev-access/resource/aws_iam_role/service-a-fifth-service_role",
    "dev-access/resource/aws_iam_role_policy/service-a-fifth-service_connect",
    "dev-access/resource/kubernetes_config_map_v1/namespace-shop_config-map-a-fifth-service-database",
    "dev-access/resource/kubernetes_service_account_v1/namespace-shop_service-account-a-fifth-service",
    "dev-access/resource/postgresql_role/service-a-fifth-service_login",
  ]);
});
