import { describe, expect, test } from "@jest/globals";
import { addresses, stackOf, synthApp, texts } from "../helpers/app";
import { parse } from "../helpers/environment";
import { oneIn } from "../helpers/extent";
import { references, resolves } from "../helpers/references";
import { AURORA, CLUSTER, INSTANCE, MIXES, mixName, mixYaml, NETWORK, OTHER_CLUSTER } from "./existing-mixes";

const allNew = synthApp(parse());

describe.each(oneIn(4, MIXES).map((mix): [string, typeof mix] => [mixName(mix), mix]))("%s", (_, mix) => {
  const stacks = synthApp(parse(mixYaml(mix)));

  test("has the same stacks, and the same resources wherever nothing exists yet", () => {
    expect([...stacks.keys()]).toEqual([...allNew.keys()]);
    const layers = { network: mix.network, eks: mix.cluster, database: mix.database, access: "" };
    for (const [layer, part] of Object.entries(layers)) {
      if (part !== "") continue;
      const id = `test-${layer}`;
      expect(addresses(stackOf(stacks, id))).toEqual(addresses(stackOf(allNew, id)));
    }
  });

  test("makes nothing in the stack of what exists but what the file asks for", () => {
    const types = (id: string) => Object.keys(stackOf(stacks, id).resource ?? {});
    if (mix.network !== "") expect(types("test-network")).toEqual([]);
    if (mix.cluster === CLUSTER) expect(types("test-eks")).toEqual([]);
    if (mix.cluster === OTHER_CLUSTER) expect(types("test-eks")).toEqual(["aws_iam_openid_connect_provider"]);
    if (mix.database === AURORA) expect(types("test-database")).toEqual([]);
    if (mix.database === INSTANCE) {
      expect(
        addresses(stackOf(stacks, "test-database")).filter((each) => !each.includes(".bastion_")),
      ).toEqual([]);
    }
  });

  test("refers only to what each file declares, and nowhere inside quotes, where it would be text", () => {
    for (const [id, stack] of stacks) {
      expect(references(stack).filter(({ reference }) => !resolves(stack, reference))).toEqual([]);
      const quoted = texts(stack).filter(({ text }) => /"(data|local|aws_\w+)\.[\w.-]+"/.test(text));
      expect([id, quoted]).toEqual([id, []]);
    }
  });

  test("reads only outputs that the other stack has", () => {
    const inputs = [...stacks.values()].flatMap((stack) =>
      texts(stack).flatMap(({ text }) => [
        ...text.matchAll(/terraform_remote_state\.cross-stack-reference-input-([\w-]+)\.outputs\.([\w-]+)/g),
      ]),
    );
    expect(inputs.length).toBeGreaterThan(5);
    for (const [, producer = "", output = ""] of inputs) {
      expect(Object.keys(stackOf(stacks, producer).output ?? {})).toContain(output);
    }
  });
});

test("each layer publishes under the same names whether it exists or is made", () => {
  const existing = synthApp(parse(mixYaml({ network: NETWORK, cluster: CLUSTER, database: INSTANCE })));
  const published = (stacks: typeof existing, id: string) =>
    Object.keys(stackOf(stacks, id).output ?? {}).filter((name) => !name.startsWith("cross-stack-"));
  const onlyMade = ["flow-logs-group", "nat-addresses"];
  for (const layer of ["network", "eks", "database"]) {
    expect(published(existing, `test-${layer}`).sort()).toEqual(
      published(allNew, `test-${layer}`)
        .filter((name) => !onlyMade.includes(name))
        .sort(),
    );
  }
  expect(stackOf(existing, "test-eks").output?.["kubeconfig-command"]?.value).toBe(
    "aws eks update-kubeconfig --name platform --region eu-west-1",
  );
});

test("the port, the admin's secret and the security groups that the file names reach the access stack", () => {
  const stacks = synthApp(parse(mixYaml({ network: NETWORK, cluster: OTHER_CLUSTER, database: INSTANCE })));
  const access = stackOf(stacks, "test-access");
  const [rule] = Object.values(access.resource?.aws_vpc_security_group_ingress_rule ?? {});
  expect(rule).toMatchObject({ from_port: 5433, to_port: 5433, security_group_id: "sg-0000000b" });
  expect(access.locals?.["admin-secret-arn"]).toBe(
    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:admin-AbCdEf",
  );
});
