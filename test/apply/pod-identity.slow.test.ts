import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest } from "@jest/globals";
import { testUnless } from "../helpers/skip";
import { makeSecret } from "./helpers/admin-secret";
import { startCorrectedMoto } from "./helpers/corrected-moto";
import { Deployed } from "./helpers/deployed";
import { EksAssociations } from "./helpers/eks-associations";
import { missing, succeeded } from "./helpers/local-deployment";
import type { Moto } from "./helpers/moto";
import { type Changes, planned } from "./helpers/plan-json";
import { makeSecurityGroup, writeProducerStates } from "./helpers/producer-states";
import { keepProviders } from "./helpers/reduced-stack";
import { TerraformWorkspace } from "./helpers/terraform";

jest.setTimeout(300_000);
const STACK = "dev-access";
const FILE = readFileSync(join(__dirname, "environment.yaml"), "utf8");
const by = (identity: string) => FILE.replace("cluster:\n", `cluster:\n  identity: ${identity}\n`);
const RENAMED = (file: string) =>
  file.replace("    orders-api:\n", "    order-service:\n      serviceAccount: orders-api\n");
const SERVICES = ["orders-api", "orders-migrations"];

/** Changes of the same kind for each service. */
const each = (type: (service: string) => string, action: string, ...attributes: string[]): Changes =>
  Object.fromEntries(SERVICES.map((service) => [type(service), { action, attributes }]));
const association = (service: string) =>
  `aws_eks_pod_identity_association.namespace-shop_association-${service}`;
const role = (service: string) => `aws_iam_role.service-${service}_role`;

// The IAM part of an access stack, and its associations, which moto lacks: each test goes on where the one before it ended.
describe("going over from IRSA to Pod Identity and back, applied by real Terraform", () => {
  let moto: Moto;
  let eks: EksAssociations;
  let deployed: Deployed;
  let terraform: TerraformWorkspace;
  let outputs: Record<string, string>;
  /** How often EKS still sees trust policies as they were before. */
  let late = 0;

  beforeAll(async () => {
    if (missing) return;
    moto = await startCorrectedMoto();
    deployed = new Deployed(moto.url);
    eks = await EksAssociations.start(async (roleArn) => {
      const { trust } = (await deployed.roles())[roleArn.split("/")[1] ?? ""] ?? {};
      return late-- <= 0 && JSON.stringify(trust).includes('"Service":"pods.eks.amazonaws.com"');
    });
    terraform = new TerraformWorkspace({ ...moto.env, ...eks.env });
    outputs = {
      openid_connect_provider: "arn:aws:iam::123456789012:oidc-provider/issuer.example",
      issuer: "issuer.example",
      cluster_resource_id: "cluster-ABC",
      secret_arn: await makeSecret(moto.url, "admin", JSON.stringify({ username: "a", password: "b" })),
      "dev-eks.*security_group": await makeSecurityGroup(moto.url, "cluster"),
      "dev-database.*security_group": await makeSecurityGroup(moto.url, "database"),
      "": "for what is not applied here",
    };
    synth(by("irsa"));
    succeeded(await terraform.init(STACK));
  });
  afterAll(async () => {
    terraform?.remove();
    deployed?.close();
    await eks?.stop();
    await moto?.stop();
  });

  const synth = (file: string) => {
    terraform.synth(file);
    keepProviders(terraform, STACK, ["aws"]);
    writeProducerStates(terraform, STACK, outputs);
  };
  /** Plans, applies that plan, and sees that nothing is left to do; what it changed in IAM and EKS. */
  const apply = async (file: string): Promise<Changes> => {
    synth(file);
    const changes = await planned(terraform, STACK);
    succeeded(await terraform.apply(STACK, "plan"));
    expect(ofIdentities(await planned(terraform, STACK))).toEqual({});
    return ofIdentities(changes);
  };
  /** Statements of a role's trust, in short. */
  const trusts = async (service: string) => {
    const { trust } = (await deployed.roles())[`dev-db-${service}`] ?? {};
    const { Statement }: { Statement: { Action: string | string[]; Condition: object }[] } = JSON.parse(
      JSON.stringify(trust),
    );
    return Statement.map(({ Action, Condition }) => ({ Action, Condition }));
  };
  const IRSA = {
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: {
      StringEquals: {
        "issuer.example:aud": "sts.amazonaws.com",
        "issuer.example:sub": "system:serviceaccount:shop:orders-api",
      },
    },
  };
  const POD_IDENTITY = {
    Action: ["sts:AssumeRole", "sts:TagSession"],
    Condition: {
      StringEquals: {
        "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:123456789012:cluster/dev",
        "aws:RequestTag/kubernetes-namespace": "shop",
        "aws:RequestTag/kubernetes-service-account": "orders-api",
      },
    },
  };
  const associated = () =>
    eks
      .all()
      .map(({ serviceAccount, roleArn }) => `${serviceAccount} ${roleArn}`)
      .sort();
  const ARN = "arn:aws:iam::123456789012:role/dev-db-";

  testUnless(missing, "with IRSA there is no association", async () => {
    await apply(by("irsa"));
    expect(await trusts("orders-api")).toEqual([IRSA]);
    expect(associated()).toEqual([]);
  });

  testUnless(
    missing,
    "while EKS does not see yet whom a role trusts, the deployment stops and says so, and the next one goes through",
    async () => {
      synth(by("both"));
      late = SERVICES.length;
      expect(ofIdentities(await planned(terraform, STACK))).toEqual({
        ...each(association, "create"),
        ...each(role, "update", "assume_role_policy"),
      });
      const { status, text } = await terraform.apply(STACK, "plan");
      expect([status, text]).toEqual([
        1,
        expect.stringContaining("Trust policy of the role provided is invalid"),
      ]);
      expect(await apply(by("both"))).toEqual(each(association, "create"));
      expect(await trusts("orders-api")).toEqual([IRSA, POD_IDENTITY]);
      expect(associated()).toEqual(SERVICES.map((service) => `${service} ${ARN}${service}`));
    },
  );

  testUnless(
    missing,
    "roles then trust Pod Identity alone, changed in place, and associations stay",
    async () => {
      const before = associated();
      expect(await apply(by("pod-identity"))).toEqual(each(role, "update", "assume_role_policy"));
      expect(await trusts("orders-api")).toEqual([POD_IDENTITY]);
      expect(associated()).toEqual(before);
    },
  );

  testUnless(missing, "a service that is renamed gives its association the new role, in place", async () => {
    const changes = await apply(RENAMED(by("pod-identity")));
    expect(changes[association("orders-api")]).toEqual({ action: "update", attributes: ["role_arn"] });
    expect(associated()).toContain(`orders-api ${ARN}order-service`);
    await apply(by("pod-identity"));
  });

  testUnless(missing, "the way back is the same, and leaves no association", async () => {
    expect(await apply(by("both"))).toEqual(each(role, "update", "assume_role_policy"));
    expect(await trusts("orders-api")).toEqual([IRSA, POD_IDENTITY]);
    expect(await apply(by("irsa"))).toEqual({
      ...each(association, "delete"),
      ...each(role, "update", "assume_role_policy"),
    });
    expect(await trusts("orders-api")).toEqual([IRSA]);
    expect(associated()).toEqual([]);
  });
});

/** Of roles and associations: other things in moto are not kept as AWS keeps them. */
function ofIdentities(changes: Changes): Changes {
  return Object.fromEntries(
    Object.entries(changes).filter(([address]) => /^aws_(iam_role|eks_pod_identity)/.test(address)),
  );
}
