import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { AccessEntries, administratorId } from "../../../constructs/eks/access-entries";
import { only, resources, synthConstruct } from "../../helpers/construct";

const ACCOUNT = "123456789012";
const synth = (administrators?: readonly string[], region = "eu-west-1") =>
  synthConstruct((stack) => {
    new AccessEntries(stack, "administrators", {
      clusterName: "dev",
      account: ACCOUNT,
      region,
      administrators,
    });
  });
const admin = `arn:aws:iam::${ACCOUNT}:role/PlatformAdmin`;

describe("access entries", () => {
  test.each([
    ["eu-west-1", "aws"],
    ["cn-north-1", "aws-cn"],
    ["us-gov-west-1", "aws-us-gov"],
  ])("make each listed principal an administrator of the whole cluster in %s", (region, partition) => {
    const json = synth([admin], region);
    expect(only(json, "aws_eks_access_entry")).toEqual({ cluster_name: "dev", principal_arn: admin });
    const [entry] = Object.keys(resources(json, "aws_eks_access_entry"));
    expect(only(json, "aws_eks_access_policy_association")).toEqual({
      cluster_name: "dev",
      // Through the entry: EKS refuses a policy for a principal that has none.
      principal_arn: `\${aws_eks_access_entry.${entry}.principal_arn}`,
      policy_arn: `arn:${partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`,
      access_scope: { type: "cluster" },
    });
  });

  test("are made for nobody but the listed", () => {
    const json = synth([admin, `arn:aws:iam::${ACCOUNT}:user/ops/jo@example.com`]);
    expect(Object.keys(resources(json, "aws_eks_access_entry"))).toHaveLength(2);
    expect(json.data).toBeUndefined();
  });

  test("are none at all when they are managed elsewhere", () => {
    const json = synth([]);
    expect(json.resource).toBeUndefined();
    expect(json.data).toBeUndefined();
  });

  test("go to the role that first deploys, and stay with it, when nobody is listed", () => {
    const json = synth();
    const [caller] = Object.keys(json.data?.aws_caller_identity ?? {});
    const [session] = Object.keys(json.data?.aws_iam_session_context ?? {});
    expect(json.data?.aws_iam_session_context?.[String(session)]).toEqual({
      arn: `\${data.aws_caller_identity.${caller}.arn}`,
    });
    expect(only(json, "aws_eks_access_entry")).toEqual({
      cluster_name: "dev",
      principal_arn: `\${data.aws_iam_session_context.${session}.issuer_arn}`,
      lifecycle: { ignore_changes: ["principal_arn"] },
    });
  });

  test("keep their addresses in the state whatever the order of the list", () => {
    const other = `arn:aws:iam::${ACCOUNT}:role/Deploy`;
    const names = (list: string[]) => Object.keys(resources(synth(list), "aws_eks_access_entry")).sort();
    expect(names([admin, other])).toEqual(names([other, admin]));
    expect(names([admin, other])).toEqual(expect.arrayContaining(names([admin])));
  });
});

describe("an administrator's construct id", () => {
  test("reads as the principal, with the account only when it is another", () => {
    expect(administratorId(admin, ACCOUNT)).toBe("role-PlatformAdmin");
    expect(administratorId(`arn:aws:iam::${ACCOUNT}:user/ops/jo`, ACCOUNT)).toBe("user-ops:jo");
    expect(administratorId("arn:aws:iam::210987654321:role/Deploy", ACCOUNT)).toBe(
      "210987654321-role-Deploy",
    );
  });

  test("differs for different principals", () => {
    const principal = fc
      .tuple(
        fc.constantFrom(ACCOUNT, "210987654321"),
        fc.constantFrom("role", "user"),
        fc.stringMatching(/^[ab/-]{1,6}$/),
      )
      .map(([account, kind, name]) => `arn:aws:iam::${account}:${kind}/${name}`);
    fc.assert(
      fc.property(fc.uniqueArray(principal, { minLength: 2 }), (arns) => {
        const ids = arns.map((arn) => administratorId(arn, ACCOUNT));
        expect(new Set(ids).size).toBe(arns.length);
      }),
    );
  });
});
