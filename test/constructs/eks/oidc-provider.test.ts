import { describe, expect, test } from "@jest/globals";
import { TerraformOutput } from "cdktf";
import { OidcProvider } from "../../../constructs/eks/oidc-provider";
import { only, synthConstruct } from "../../helpers/construct";

const json = synthConstruct((stack) => {
  const provider = new OidcProvider(stack, "oidc", {
    issuerUrl: "https://oidc.eks.eu-west-1.amazonaws.com/id/ABC",
    name: "dev",
  });
  new TerraformOutput(stack, "issuer", { value: provider.issuer, staticId: true });
});

describe("the OIDC provider", () => {
  test("trusts tokens of this cluster that are meant for AWS", () => {
    expect(only(json, "aws_iam_openid_connect_provider")).toEqual({
      url: "https://oidc.eks.eu-west-1.amazonaws.com/id/ABC",
      client_id_list: ["sts.amazonaws.com"],
      tags: { Name: "dev" },
    });
  });

  test("names its issuer without the scheme, as condition keys want it", () => {
    const [, name = ""] = /^\$\{local\.(\S+)\}$/.exec(String(json.output?.issuer?.value)) ?? [];
    expect(json.locals?.[name]).toBe(
      '${trimprefix("https://oidc.eks.eu-west-1.amazonaws.com/id/ABC", "https://")}',
    );
  });
});
