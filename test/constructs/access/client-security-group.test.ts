import { expect, test } from "@jest/globals";
import { ClientSecurityGroup } from "../../../constructs/access/client-security-group";
import { only, resources, synthConstruct } from "../../helpers/construct";

const json = synthConstruct((stack) => {
  new ClientSecurityGroup(stack, "clients", {
    environmentName: "dev",
    vpcId: "vpc-1",
    servers: {
      database: { securityGroupId: "sg-database", port: 5433 },
      proxy: { securityGroupId: "sg-proxy", port: 5432 },
    },
  });
});
const GROUP = expect.stringMatching(/^\$\{aws_security_group\.clients_security-group_\w+\.id\}$/);
const at = (port: number) => ({ from_port: port, ip_protocol: "tcp", to_port: port });

test("what carries the group reaches the database and the proxy on their ports, and nothing else", () => {
  expect(Object.values(resources(json, "aws_vpc_security_group_egress_rule"))).toEqual([
    expect.objectContaining({
      security_group_id: GROUP,
      referenced_security_group_id: "sg-database",
      ...at(5433),
    }),
    expect.objectContaining({
      security_group_id: GROUP,
      referenced_security_group_id: "sg-proxy",
      ...at(5432),
    }),
  ]);
});

test("nothing is let into what carries it, and it into those alone", () => {
  expect(Object.values(resources(json, "aws_vpc_security_group_ingress_rule"))).toEqual([
    expect.objectContaining({
      security_group_id: "sg-database",
      referenced_security_group_id: GROUP,
      ...at(5433),
    }),
    expect.objectContaining({
      security_group_id: "sg-proxy",
      referenced_security_group_id: GROUP,
      ...at(5432),
    }),
  ]);
  expect(only(json, "aws_security_group")).toEqual({
    description: "Functions, tasks and instances that connect to the database",
    name: "dev-database-client",
    tags: { Name: "dev-database-client" },
    vpc_id: "vpc-1",
  });
});
