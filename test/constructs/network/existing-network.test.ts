import { expect, test } from "@jest/globals";
import { ExistingNetwork } from "../../../constructs/network/existing-network";
import { only, synthConstruct } from "../../helpers/construct";

const json = synthConstruct((stack) => {
  new ExistingNetwork(stack, "existing", {
    region: "eu-west-1",
    vpcId: "vpc-0000000a",
    publicSubnetIds: [],
    privateSubnetIds: ["subnet-0000000a", "subnet-0000000b"],
    databaseSubnetIds: ["subnet-0000000b", "subnet-0000000c"],
  });
});

/** The conditions of a data source. */
const conditions = (type: string, name: RegExp) =>
  Object.entries(json.data?.[type] ?? {})
    .filter(([key]) => name.test(key))
    .map(([, { lifecycle }]) => lifecycle);

test("a VPC and its subnets are read, and nothing is made", () => {
  expect(json.resource).toBeUndefined();
  expect(Object.keys(json.data?.aws_subnet ?? {})).toHaveLength(4);
});

test("a subnet of another VPC fails the plan", () => {
  expect(conditions("aws_subnet", /private_subnet-0000000a/)).toEqual([
    {
      postcondition: [
        {
          condition: '${self.vpc_id == "vpc-0000000a"}',
          error_message:
            "The subnet subnet-0000000a is in ${self.vpc_id}, not in vpc-0000000a. Correct network.existing.",
        },
      ],
    },
  ]);
});

test("the VPC must answer DNS for private endpoints, and each tier must reach over two zones", () => {
  const [vpc] = conditions("aws_vpc", /./);
  expect(vpc).toMatchObject({
    postcondition: [
      { condition: "${self.enable_dns_support}" },
      { condition: "${self.enable_dns_hostnames}" },
      {
        condition: expect.stringMatching(
          /^\$\{length\(local\.existing_zones-of-privateSubnetIds_\w+\) >= 2\}$/,
        ),
      },
      {
        condition: expect.stringMatching(
          /^\$\{length\(local\.existing_zones-of-databaseSubnetIds_\w+\) >= 2\}$/,
        ),
      },
    ],
  });
  for (const zones of Object.values(json.locals ?? {})) {
    expect(zones).toMatch(/^\$\{distinct\(\[data\.aws_subnet\.[\w-]+\.availability_zone, data\./);
  }
  expect(() => only(json, "aws_vpc")).toThrow("found 0");
});
