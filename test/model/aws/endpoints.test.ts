import { describe, expect, test } from "@jest/globals";
import { endpointService, endpointServiceName } from "../../../model/aws/endpoints";

describe("the name of an endpoint service", () => {
  test.each([
    ["ecr.api", "eu-west-1", "com.amazonaws.eu-west-1.ecr.api"],
    ["ecr.api", "us-gov-west-1", "com.amazonaws.us-gov-west-1.ecr.api"],
    ["ecr.api", "cn-north-1", "cn.com.amazonaws.cn-north-1.ecr.api"],
    ["sts", "cn-northwest-1", "cn.com.amazonaws.cn-northwest-1.sts"],
    ["logs", "cn-north-1", "com.amazonaws.cn-north-1.logs"],
    ["secretsmanager", "cn-north-1", "com.amazonaws.cn-north-1.secretsmanager"],
  ])("of %s in %s is the one AWS lists there", (service, region, name) => {
    expect(endpointServiceName(service, region)).toBe(name);
  });

  test("that is given in full is taken as it is", () => {
    const name = "cn.com.amazonaws.cn-north-1.something-new";
    expect(endpointServiceName(name, "cn-north-1")).toBe(name);
  });
});

test.each([
  ["sts", { service: "sts" }],
  ["com.amazonaws.us-gov-west-1.ecr.api", { service: "ecr.api", region: "us-gov-west-1" }],
  ["cn.com.amazonaws.cn-north-1.ecr.api", { service: "ecr.api", region: "cn-north-1" }],
  ["com.amazonaws.s3-global.accesspoint", { service: "com.amazonaws.s3-global.accesspoint" }],
  [
    "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0",
    { service: "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0", region: "eu-west-1" },
  ],
])("%s is taken apart", (name, parts) => {
  expect(endpointService(name)).toEqual(parts);
});
