import { describe, expect, test } from "@jest/globals";
import { addresses, stackOf, synthApp } from "../helpers/app";
import { type Block, resources, type TerraformJson } from "../helpers/construct";
import { MINIMAL, parse } from "../helpers/environment";
import { oneIn } from "../helpers/extent";
import { AURORA, CLUSTER, INSTANCE, NETWORK } from "./existing-mixes";

const access = (text: string): TerraformJson => stackOf(synthApp(parse(text)), "test-access");
const bare = (address: string) => address.replace(/_[0-9A-F]{8}$/, "");
/** Values of the parameters of a stack by their names. */
const parameters = (stack: TerraformJson) =>
  Object.fromEntries(
    Object.values(resources(stack, "aws_ssm_parameter")).map(({ name, insecure_value }) => [
      name,
      insecure_value,
    ]),
  );

const ON_EKS = access(MINIMAL);
const HERE = "      namespace: shop\n";
const moved = (place: string) => access(MINIMAL.replace(HERE, `      ${place}\n`));
const FUNCTION = moved("runsOn: lambda");

describe("a service that comes to run elsewhere", () => {
  const kept = (stack: TerraformJson) => addresses(stack).filter((each) => addresses(ON_EKS).includes(each));
  const IDENTITY = ["aws_iam_role.service-orders-api_role", "aws_iam_role_policy.service-orders-api_connect"];
  const LOGIN = "postgresql_role.service-orders-api_login";

  test.each(
    oneIn(2, [
      "runsOn: lambda",
      "runsOn: ecs",
      "runsOn: ec2",
      "principals: ['arn:aws:iam::123456789012:role/CI']",
    ]),
  )("keeps its IAM role, its policy and its login: %s changes whom the role trusts, in place", (place) => {
    const stack = moved(place);
    expect(kept(stack).map(bare)).toEqual(expect.arrayContaining([...IDENTITY, LOGIN]));
    const role = (of: TerraformJson): Block => {
      const [found] = Object.values(resources(of, "aws_iam_role"));
      return { ...found, assume_role_policy: "" };
    };
    expect(role(stack)).toEqual(role(ON_EKS));
    expect(resources(stack, "aws_iam_role_policy")).toMatchObject(resources(ON_EKS, "aws_iam_role_policy"));
  });

  test("with a role of others loses its own, and keeps its login", () => {
    const stack = moved("role: Legacy");
    expect(kept(stack).map(bare)).toContain(LOGIN);
    expect(resources(stack, "aws_iam_role")).toEqual({});
    expect(Object.values(stack.data?.aws_iam_role ?? {})).toEqual([{ name: "Legacy" }]);
    const policies = Object.values(resources(stack, "aws_iam_role_policy"));
    expect(policies.map(({ role, name }) => `${role} ${name}`)).toEqual([
      "Legacy test-db-orders-api-connect",
      "Legacy test-db-orders-api-read-connection",
    ]);
    // Nothing else of it is Terraform's: neither its trust, nor what else it may do, nor a profile of it.
    expect(addresses(stack).filter((each) => each.startsWith("aws_iam_"))).toHaveLength(2);
  });

  test("has nothing in Kubernetes any more", () => {
    for (const type of ["kubernetes_service_account_v1", "kubernetes_config_map_v1"]) {
      const names = JSON.stringify(Object.values(resources(FUNCTION, type)).map(({ metadata }) => metadata));
      expect(names).not.toContain("orders-api");
    }
  });
});

describe("what runs outside of EKS", () => {
  test("finds how to connect in SSM parameters and in an output, the same in both", () => {
    const path = "/test/database/orders-api/";
    const { "/test/database/rds-ca.pem": certificates, ...variables } = parameters(FUNCTION);
    expect(certificates).toMatch(/^-----BEGIN CERTIFICATE-----/);
    expect(variables).toEqual({
      [`${path}PGDATABASE`]: "shop",
      [`${path}PGHOST`]: "${local.writer-endpoint}",
      [`${path}PGPORT`]: "5432",
      [`${path}PGSSLMODE`]: "verify-full",
      [`${path}PGUSER`]: "orders_api",
      [`${path}PGHOST_READER`]: "${local.reader-endpoint}",
    });
    const connections: unknown = FUNCTION.output?.connections?.value;
    expect(connections).toEqual({
      "orders-api": Object.fromEntries(
        Object.entries(variables).map(([name, value]) => [name.slice(path.length), value]),
      ),
    });
  });

  test("has its values in the open: plans show where a program is led", () => {
    for (const parameter of Object.values(resources(FUNCTION, "aws_ssm_parameter"))) {
      expect(parameter).toMatchObject({ type: "String", insecure_value: expect.anything() });
      expect(parameter).not.toHaveProperty("value");
    }
  });

  test("carries one security group, whichever of them it is, in the network's VPC", () => {
    const both = access(
      `${MINIMAL}    batch: { runsOn: ec2, grants: { shop.orders: read-only } }\n    legacy: { role: Legacy, grants: { shop.orders: read-only } }\n`,
    );
    const groups = Object.values(resources(both, "aws_security_group"));
    expect(groups.map(({ name, vpc_id }) => [name, vpc_id])).toEqual([
      ["test-database-client", "${local.vpc-id}"],
    ]);
    expect(both.output?.["client-security-group-id"]?.value).toMatch(/^\$\{aws_security_group\.clients_/);
  });

  test("on an instance gets a profile that is called like its role, and nothing else does", () => {
    expect(Object.values(resources(moved("runsOn: ec2"), "aws_iam_instance_profile"))).toEqual([
      {
        name: "test-db-orders-api",
        role: expect.stringMatching(/^\$\{aws_iam_role\.service-orders-api_role_/),
      },
    ]);
    expect(resources(FUNCTION, "aws_iam_instance_profile")).toEqual({});
  });

  test("finds the port, host and VPC of what was there before", () => {
    const function_ = MINIMAL.replace(HERE, "      runsOn: lambda\n");
    const stacks = synthApp(parse(`${function_}${NETWORK}${CLUSTER}${INSTANCE}`));
    const stack = stackOf(stacks, "test-access");
    expect(parameters(stack)).toMatchObject({ "/test/database/orders-api/PGPORT": "5433" });
    const rules = [
      ...Object.values(resources(stack, "aws_vpc_security_group_egress_rule")),
      ...Object.entries(resources(stack, "aws_vpc_security_group_ingress_rule"))
        .filter(([address]) => address.startsWith("clients_"))
        .map(([, rule]) => rule),
    ];
    expect(rules.map(({ from_port, to_port }) => [from_port, to_port])).toEqual([
      [5433, 5433],
      [5433, 5433],
    ]);
    const output = /outputs\.([\w-]+)\}$/.exec(String(stack.locals?.["vpc-id"]))?.[1] ?? "";
    expect(stackOf(stacks, "test-network").output?.[output]?.value).toContain("data.aws_vpc.");
    expect(parameters(access(`${function_}${NETWORK}${AURORA}`))).toHaveProperty([
      "/test/database/orders-api/PGHOST",
    ]);
  });
});

test("a file in which all run on EKS has none of it, and reads nothing of the network", () => {
  const types = new Set(addresses(ON_EKS).map((each) => each.split(".")[0]));
  for (const type of ["aws_ssm_parameter", "aws_security_group", "aws_iam_instance_profile"]) {
    expect(types.has(type)).toBe(false);
  }
  expect(Object.keys(ON_EKS.output ?? {})).toEqual(["role-arns"]);
  expect(Object.keys(ON_EKS.data?.terraform_remote_state ?? {})).toHaveLength(2);
});
