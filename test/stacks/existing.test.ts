import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { terraformMissing } from "../apply/helpers/providers";
import { TerraformWorkspace } from "../apply/helpers/terraform";
import { addresses, stackOf, synthApp, texts } from "../helpers/app";
import { MINIMAL, parse } from "../helpers/environment";
import { references, resolves } from "../helpers/references";
import { testUnless } from "../helpers/skip";

const NETWORK = `network:
  existing:
    vpcId: vpc-0123456789abcdef0
    publicSubnetIds: [subnet-0000000e]
    privateSubnetIds: [subnet-0000000a, subnet-0000000b]
    databaseSubnetIds: [subnet-0000000c, subnet-0000000d]
`;
const CLUSTER = "cluster: { existing: { name: platform } }\n";
const OTHER_CLUSTER =
  "cluster: { existing: { name: platform, createOidcProvider: true, securityGroupId: sg-0000000a } }\n";
const AURORA = "database: { existing: { cluster: shop } }\n";
const INSTANCE =
  "database: { bastion: true, existing: { instance: shop, securityGroupId: sg-0000000b, port: 5433, adminSecretArn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:admin-AbCdEf' } }\n";

/** Every mix of what exists and what is made. */
const MIXES = ["", NETWORK].flatMap((network) =>
  ["", CLUSTER, OTHER_CLUSTER].flatMap((cluster) =>
    ["", AURORA, INSTANCE].map((database) => ({ network, cluster, database })),
  ),
);
const yaml = ({ network, cluster, database }: (typeof MIXES)[number]) =>
  `${MINIMAL}${network}${cluster}${database}`;
const nameOf = (mix: (typeof MIXES)[number]) =>
  Object.entries(mix)
    .map(([layer, part]) => `${part === "" ? "new" : "existing"} ${layer}`)
    .join(", ");
const allNew = synthApp(parse());

describe.each(MIXES.map((mix): [string, typeof mix] => [nameOf(mix), mix]))("%s", (_, mix) => {
  const stacks = synthApp(parse(yaml(mix)));

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
  const existing = synthApp(parse(yaml({ network: NETWORK, cluster: CLUSTER, database: INSTANCE })));
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
  const stacks = synthApp(parse(yaml({ network: NETWORK, cluster: OTHER_CLUSTER, database: INSTANCE })));
  const access = stackOf(stacks, "test-access");
  const [rule] = Object.values(access.resource?.aws_vpc_security_group_ingress_rule ?? {});
  expect(rule).toMatchObject({ from_port: 5433, to_port: 5433, security_group_id: "sg-0000000b" });
  expect(access.locals?.["admin-secret-arn"]).toBe(
    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:admin-AbCdEf",
  );
});

describe("terraform validate", () => {
  const missing = terraformMissing();
  let terraform: TerraformWorkspace;
  beforeAll(() => {
    if (!missing) terraform = new TerraformWorkspace({});
  });
  afterAll(() => terraform?.remove());

  // Between them, every layer both existing and made, and every key of `existing`.
  const mixes = [
    { network: NETWORK, cluster: "", database: AURORA },
    { network: NETWORK, cluster: OTHER_CLUSTER, database: INSTANCE },
    { network: "", cluster: CLUSTER, database: "" },
  ];
  for (const mix of mixes) {
    testUnless(
      missing,
      `accepts ${nameOf(mix)}`,
      async () => {
        terraform.synth(yaml(mix));
        for (const stack of ["test-network", "test-eks", "test-database"]) {
          expect(await terraform.init(stack)).toMatchObject({ status: 0 });
          const { text } = await terraform.run(stack, "validate", "-json");
          expect(JSON.parse(text)).toMatchObject({ valid: true, error_count: 0, warning_count: 0 });
        }
      },
      180_000,
    );
  }
});
