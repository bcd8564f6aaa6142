import { DbProxy } from "@cdktf/provider-aws/lib/db-proxy";
import {
  DbProxyDefaultTargetGroup,
  dbProxyDefaultTargetGroupConnectionPoolConfigToTerraform,
} from "@cdktf/provider-aws/lib/db-proxy-default-target-group";
import { DbProxyEndpoint } from "@cdktf/provider-aws/lib/db-proxy-endpoint";
import { DbProxyTarget } from "@cdktf/provider-aws/lib/db-proxy-target";
import { describe, expect, test } from "@jest/globals";
import { type TerraformResource, TerraformStack, Testing } from "cdktf";
import { stackOf, synthApp } from "../../helpers/app";
import { resources } from "../../helpers/construct";
import { parse } from "../../helpers/environment";
import { withDatabase } from "../../stacks/proxied";

// The provider that is installed on most machines knows no default_auth_scheme, so that nothing here applies these. The bindings
// are generated from a provider's schema: what they list is what it takes.

const scope = new TerraformStack(Testing.app(), "test");
const name = "test";
const BINDINGS: readonly TerraformResource[] = [
  new DbProxy(scope, "proxy", { name, engineFamily: "", roleArn: "", vpcSubnetIds: [] }),
  new DbProxyDefaultTargetGroup(scope, "target-group", { dbProxyName: name }),
  new DbProxyTarget(scope, "target", { dbProxyName: name, targetGroupName: name }),
  new DbProxyEndpoint(scope, "endpoint", { dbProxyName: name, dbProxyEndpointName: name, vpcSubnetIds: [] }),
];

/** Every argument that the provider of the bindings takes. */
function argumentsOf(binding: TerraformResource): string[] {
  const list: unknown = Reflect.get(binding, "synthesizeAttributes").call(binding);
  return Object.keys(Object(list));
}

/** What Terraform itself takes of every resource. */
const META = ["//", "depends_on"];

const database = stackOf(
  synthApp(parse(withDatabase("{ readers: 1, proxy: { readerEndpoint: true } }"))),
  "test-database",
);

describe("the provider of the bindings", () => {
  test("is one that the stacks take", () => {
    for (const { terraformGeneratorMetadata: made } of BINDINGS) {
      const [major, minor] = (made?.providerVersion ?? "").split(".").map(Number);
      expect([major, (minor ?? 0) >= 15]).toEqual([6, true]);
    }
  });

  test.each(BINDINGS.map((each) => [each.terraformResourceType, each] as const))(
    "takes every argument of %s that is synthesised",
    (type, binding) => {
      const made = Object.values(resources(database, type));
      expect(made.length).toBe(1);
      const known = [...argumentsOf(binding), ...META];
      expect(made.flatMap(Object.keys).filter((each) => !known.includes(each))).toEqual([]);
    },
  );

  test("takes every argument of the pool", () => {
    const [group] = Object.values(resources(database, "aws_db_proxy_default_target_group"));
    const known = Object.keys(dbProxyDefaultTargetGroupConnectionPoolConfigToTerraform({}));
    expect(known).toContain("max_connections_percent");
    expect(
      Object.keys(Object(group?.connection_pool_config)).filter((each) => !known.includes(each)),
    ).toEqual([]);
  });

  test("knows the argument without which the proxy would want a secret", () => {
    const [proxy] = BINDINGS;
    expect(proxy && argumentsOf(proxy)).toContain("default_auth_scheme");
  });
});
