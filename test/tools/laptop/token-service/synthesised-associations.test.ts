import { describe, expect, test } from "@jest/globals";
import { synthesisedAssociations } from "../../../../tools/laptop/token-service/synthesised-associations";

const PLACE = { account: "123456789012", partition: "aws", locals: { cluster: "dev" } };

describe("of an association", () => {
  const read = (different: object = {}, others: object = {}) =>
    synthesisedAssociations(
      {
        resource: {
          aws_iam_role: { it: { name: "it" } },
          kubernetes_namespace_v1: { shop: { metadata: { name: "shop" } } },
          aws_eks_pod_identity_association: {
            it: {
              cluster_name: "${local.cluster}",
              namespace: "${kubernetes_namespace_v1.shop.metadata[0].name}",
              service_account: "api",
              role_arn: "${aws_iam_role.it.arn}",
              ...different,
            },
          },
        },
        ...others,
      },
      PLACE,
    );
  const ROLE = "arn:aws:iam::123456789012:role";

  test("every reference is read as what it stands for", () => {
    expect(read()).toEqual([
      { cluster: "dev", namespace: "shop", serviceAccount: "api", roleArn: `${ROLE}/it` },
    ]);
    const data = { data: { aws_iam_role: { it: { name: "other" } } } };
    expect(read({ role_arn: "${data.aws_iam_role.it.arn}" }, data)).toMatchObject([
      { roleArn: `${ROLE}/other` },
    ]);
  });

  test("what would change whose role a pod gets, or what its session says, is an error", () => {
    for (const different of [
      { disable_session_tags: true },
      { target_role_arn: `${ROLE}/it` },
      { policy: "{}" },
      { for_each: {} },
      { role_arn: undefined },
      { namespace: 1 },
    ]) {
      expect(() => read(different)).toThrow("Not understood");
    }
    for (const role_arn of ["${aws_iam_role.gone.arn}", "${var.role}", "%{if true}x%{endif}"]) {
      expect(() => read({ role_arn })).toThrow("Not understood");
    }
    expect(() => synthesisedAssociations(null, PLACE)).toThrow("Not understood");
  });
});
