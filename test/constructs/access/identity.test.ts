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
      resourceIds: { database: "cluster-ABC" },
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

describe("the logins of members", () => {
  const members = (names: string) => `${MINIMAL}${PEOPLE.replace("grants:", `members: [${names}], grants:`)}`;
  const ids = (json: TerraformJson) =>
    Object.entries(resources(json, "postgresql_role")).flatMap(([id, { name, login }]) =>
      login ? [`${id.replace(/_[0-9A-F]{8}$/, "")} ${name}`] : [],
    );

  test("are each at an address of its own, which another member does not change", () => {
    expect(ids(synth("on-call", `${MINIMAL}${PEOPLE}`))).toEqual(["on-call_login on_call"]);
    const anna = synth("on-call", members("anna.smith@acme.com"));
    expect(ids(anna)).toEqual(["on-call_login-anna-smith on_call_anna_smith"]);
    const both = synth("on-call", members("ben, anna.smith@acme.com"));
    expect(ids(both)).toEqual([
      "on-call_login-anna-smith on_call_anna_smith",
      "on-call_login-ben on_call_ben",
    ]);
    expect(resources(both, "postgresql_role")).toMatchObject(resources(anna, "postgresql_role"));
  });

  test("are what a login is: no password, rds_iam and the groups, limits, and an owner's session role", () => {
    const json = synth("on-call", members("anna, ben").replace("orders: read-only", "orders: owner"));
    for (const name of ["on_call_anna", "on_call_ben"]) {
      const group = expect.stringMatching(/^\$\{postgresql_role\.shop_schema-orders_owner_\w+\.name\}$/);
      expect(login(json, name)).toEqual({
        assume_role: group,
        connection_limit: 100,
        login: true,
        name,
        roles: ["rds_iam", group],
        skip_reassign_owned: true,
      });
    }
  });

  test("are behind one IAM role with one policy", () => {
    const json = synth("on-call", members("anna, ben"));
    expect(only(json, "aws_iam_role")).toMatchObject({
      name: "test-db-on-call",
      description: "Connects to PostgreSQL as a database user for each member of on-call",
    });
    expect(JSON.parse(String(only(json, "aws_iam_role_policy").policy)).Statement).toHaveLength(2);
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
