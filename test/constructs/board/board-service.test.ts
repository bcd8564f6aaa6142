import { describe, expect, test } from "@jest/globals";
import { BoardService } from "../../../constructs/board/board-service";
import { only, synthConstruct } from "../../helpers/construct";

const build = (publicAccessCidrs: readonly string[], name = "board") =>
  only(
    synthConstruct((stack) => {
      new BoardService(stack, "entrance", {
        name,
        namespace: "boards",
        vpcCidr: "10.0.0.0/16",
        publicAccessCidrs,
        tags: { team: "platform", environment: "test" },
      });
    }),
    "kubernetes_service_v1",
  );
const annotation = (name: string) => `service.beta.kubernetes.io/aws-load-balancer-${name}`;

describe("the board's load balancer", () => {
  test("has private addresses and admits the VPC, unless the file names blocks outside it", () => {
    expect(build([])).toMatchObject({
      metadata: {
        name: "board",
        annotations: {
          [annotation("type")]: "nlb",
          [annotation("internal")]: "true",
          [annotation("scheme")]: "internal",
        },
      },
      spec: { type: "LoadBalancer", load_balancer_source_ranges: ["10.0.0.0/16"] },
    });
  });

  test("with such blocks has public ones, and admits them and the VPC only", () => {
    expect(build(["198.51.100.7/32", "203.0.113.0/24"])).toMatchObject({
      metadata: {
        annotations: { [annotation("internal")]: "false", [annotation("scheme")]: "internet-facing" },
      },
      spec: { load_balancer_source_ranges: ["10.0.0.0/16", "198.51.100.7/32", "203.0.113.0/24"] },
    });
  });

  test("is another Service when it turns public or private, since a load balancer stays what it was made as", () => {
    expect(build(["203.0.113.0/24"])).toMatchObject({ metadata: { name: "board-public" } });
    expect(build(["203.0.113.0/24"], "b".repeat(63))).toMatchObject({
      metadata: { name: `${"b".repeat(56)}-public` },
    });
  });

  test("is not replaced because the AWS Load Balancer Controller took it over", () => {
    expect(build([]).lifecycle).toEqual({ ignore_changes: ["spec[0].load_balancer_class"] });
  });

  test("leads to the web pods, not to the migration's, by the port's name", () => {
    expect(build([]).spec).toMatchObject({
      selector: { "app.kubernetes.io/part-of": "board", "app.kubernetes.io/component": "web" },
      port: [{ name: "http", port: 80, target_port: "http", protocol: "TCP" }],
    });
  });

  test("carries the environment's tags", () => {
    expect(build([])).toMatchObject({
      metadata: {
        annotations: { [annotation("additional-resource-tags")]: "team=platform,environment=test" },
      },
    });
  });
});
