import { describe, expect, test } from "@jest/globals";
import { Identity } from "../../../constructs/access/identity";
import { ManagedDatabase } from "../../../constructs/access/managed-database";
import { accessPlan } from "../../../model/access/plan";
import { only, resources, synthConstruct, type TerraformJson } from "../../helpers/construct";
import { MINIMAL, parse } from "../../helpers/environment";

const PEOPLE =
  "  people:\n    on-call: { principals: ['arn:aws:iam::123456789012:role/OnCall'], grants: { shop.orders: read-only } }\n";

function synth(key: string, text = MINIMAL): TerraformJson {
  const plan = accessPlan(parse(text));
  const identity = plan.identities.find((each) => each.key === key);
  const [database] = plan.databases;
  if (!identity || !database) throw new Error("not in the plan");
  return synthConstruct((stack) => {
    const { groups } = new ManagedDatabase(stack, "shop", { plan: database });
    new Identity(stack, key, {
      plan,
      identity,
      groups,
      databaseResourceId: "cluster-ABC",
      oidcProvider: { arn: "arn:aws:iam::123456789012:oidc-provider/issuer", issuer: "issuer" },
    });
  });
}
const login = (json: TerraformJson, name: string) =>
  Object.values(resources(json, "postgresql_role")).find((role) => role.name === name);

describe("a login", () => {
  test("has no password, is in rds_iam and in its groups, which are there before it", () => {
    const role = login(synth("orders-api"), "orders_api");
    expect(role).toEqual({
      connection_limit: 100,
      login: true,
      name: "orders_api",
      roles: [
        "rds_iam",
        expect.stringMatching(/^\$\{postgresql_role\.shop_schema-orders_read-write_\w+\.name\}$/),
      ],
      skip_reassign_owned: true,
    });
  });

  test("of an owner starts its sessions as the owner group", () => {
    const json = synth("orders-api", MINIMAL.replace("read-write", "owner"));
    expect(login(json, "orders_api")).toMatchObject({
      assume_role: expect.stringMatching(/^\$\{postgresql_role\.shop_schema-orders_owner_\w+\.name\}$/),
    });
  });
});

describe("limits", () => {
  test("are arguments of the login, and no others are there", () => {
    const keys =
      "      connectionLimit: 20\n      statementTimeout: 30s\n      idleInTransactionSessionTimeout: 1min\n      searchPath: [orders, public]\n";
    const plain = login(synth("orders-api"), "orders_api");
    expect(login(synth("orders-api", `${MINIMAL}${keys}`), "orders_api")).toEqual({
      ...plain,
      roles: expect.anything(),
      connection_limit: 20,
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 60_000,
      search_path: ["orders", "public"],
    });
  });
});

describe("an IAM role", () => {
  test("may connect as its own database user on its own cluster, and do nothing else", () => {
    const json = synth("orders-api");
    expect(JSON.parse(String(only(json, "aws_iam_role_policy").policy)).Statement).toEqual([
      {
        Effect: "Allow",
        Action: "rds-db:connect",
        Resource: "arn:aws:rds-db:eu-west-1:123456789012:dbuser:cluster-ABC/orders_api",
      },
    ]);
    expect(resources(json, "aws_iam_role_policy_attachment")).toEqual({});
  });

  test("of people trusts their principals", () => {
    const json = synth("on-call", `${MINIMAL}${PEOPLE}`);
    expect(JSON.parse(String(only(json, "aws_iam_role").assume_role_policy)).Statement[0].Principal).toEqual({
      AWS: ["arn:aws:iam::123456789012:role/OnCall"],
    });
  });

  test("stays within the permissions boundary of the file, where there is one", () => {
    expect(only(synth("orders-api"), "aws_iam_role")).not.toHaveProperty("permissions_boundary");
    const bounded = `${MINIMAL}  permissionsBoundary: arn:aws:iam::123456789012:policy/boundary\n`;
    expect(only(synth("orders-api", bounded), "aws_iam_role").permissions_boundary).toBe(
      "arn:aws:iam::123456789012:policy/boundary",
    );
  });
});
