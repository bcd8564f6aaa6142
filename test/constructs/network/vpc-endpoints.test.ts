import { describe, expect, test } from "@jest/globals";
import { VpcEndpoints } from "../../../constructs/network/vpc-endpoints";
import { endpointPolicy } from "../../../model/aws/endpoint-policy";
import { only, resources, synthConstruct } from "../../helpers/construct";

const synth = (interfaceServices: readonly string[], region = "eu-west-1") =>
  synthConstruct((stack) => {
    new VpcEndpoints(stack, "endpoints", {
      account: "123456789012",
      principals: "account",
      environmentName: "dev",
      region,
      vpcId: "vpc-1",
      vpcCidr: "10.40.0.0/16",
      routeTableIds: ["rtb-1", "rtb-2"],
      interfaceServices,
      subnetIds: ["subnet-1", "subnet-2"],
    });
  });

describe("VPC endpoints", () => {
  test.each(["eu-west-1", "cn-north-1", "us-gov-west-1"])("always lead to S3, for free, in %s", (region) => {
    const json = synth([], region);
    expect(only(json, "aws_vpc_endpoint")).toMatchObject({
      vpc_endpoint_type: "Gateway",
      service_name: `com.amazonaws.${region}.s3`,
      route_table_ids: ["rtb-1", "rtb-2"],
    });
    expect(resources(json, "aws_security_group")).toEqual({});
  });

  test("lead to chosen services in every private subnet, under the services' own names", () => {
    const made = resources(synth(["ecr.api", "sts"]), "aws_vpc_endpoint");
    const interfaces = Object.values(made).filter((endpoint) => endpoint.vpc_endpoint_type === "Interface");
    expect(interfaces.map((endpoint) => endpoint.service_name)).toEqual([
      "com.amazonaws.eu-west-1.ecr.api",
      "com.amazonaws.eu-west-1.sts",
    ]);
    for (const endpoint of interfaces) {
      expect(endpoint).toMatchObject({ private_dns_enabled: true, subnet_ids: ["subnet-1", "subnet-2"] });
      expect(endpoint.security_group_ids).toHaveLength(1);
    }
  });

  test("let through what the account's principals ask for, where the service knows policies", () => {
    const json = synth(["sts"]);
    const made = Object.values(resources(json, "aws_vpc_endpoint"));
    const of = (service: string) => JSON.stringify(endpointPolicy(service, "account", "123456789012"));
    const [data] = Object.keys(json.data?.aws_vpc_endpoint_service ?? {});
    const [[local, document] = []] = Object.entries(json.locals ?? {});
    expect(document).toBe(of("sts"));
    expect(made.map(({ policy }) => policy)).toEqual([
      `\${data.aws_vpc_endpoint_service.${data}.vpc_endpoint_policy_supported ? local.${local} : null}`,
      of("s3"),
    ]);
    expect(Object.values(json.data?.aws_vpc_endpoint_service ?? {})).toEqual([
      { service_name: "com.amazonaws.eu-west-1.sts", service_type: "Interface" },
    ]);
  });

  test("answer HTTPS from inside the VPC and nothing else", () => {
    const json = synth(["sts"]);
    expect(only(json, "aws_vpc_security_group_ingress_rule")).toMatchObject({
      cidr_ipv4: "10.40.0.0/16",
      ip_protocol: "tcp",
      from_port: 443,
      to_port: 443,
    });
    expect(resources(json, "aws_vpc_security_group_egress_rule")).toEqual({});
    expect(only(json, "aws_security_group")).not.toHaveProperty("egress");
    expect(only(json, "aws_security_group")).not.toHaveProperty("ingress");
  });

  test("keep their addresses in the state whatever the order of the services", () => {
    const names = (services: string[]) => Object.keys(resources(synth(services), "aws_vpc_endpoint")).sort();
    expect(names(["sts", "logs", "ecr.api"])).toEqual(names(["ecr.api", "logs", "sts"]));
  });
});
