import { DataAwsIamOpenidConnectProvider } from "@cdktf/provider-aws/lib/data-aws-iam-openid-connect-provider";
import { Fn, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { TOKEN_AUDIENCE } from "../../model/access/iam";
import { postcondition } from "../shared/postcondition";

/**
 * Terraform reports a provider that is not there in words of its own, which no condition can replace, and with the
 * address of the data source. So the address says what to do.
 */
const LOOK_UP = "not-found-then-set-cluster-existing-createOidcProvider-true";

/** Options for {@link ExistingOidcProvider}. */
export interface ExistingOidcProviderProps {
  /** URL of the cluster's OIDC issuer, with https://. */
  readonly issuerUrl: string;
}

/**
 * The OIDC provider that IAM has for a cluster already. The plan fails when there is none, or when it does not trust
 * the audience of the tokens that EKS gives pods.
 */
export class ExistingOidcProvider extends Construct {
  /** ARN of the provider. */
  readonly arn: string;
  /** Host and path of the issuer, without https://: what condition keys in trust policies start with. */
  readonly issuer: string;

  constructor(scope: Construct, id: string, { issuerUrl }: ExistingOidcProviderProps) {
    super(scope, id);
    const provider = new DataAwsIamOpenidConnectProvider(this, "provider", {
      url: issuerUrl,
      lifecycle: {
        postcondition: [
          postcondition(
            `contains(self.client_id_list, "${TOKEN_AUDIENCE}")`,
            `The OIDC provider \${self.arn} does not trust tokens for ${TOKEN_AUDIENCE}, which pods present. Add it: aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn \${self.arn} --client-id ${TOKEN_AUDIENCE}`,
          ),
        ],
      },
    });
    provider.overrideLogicalId(LOOK_UP);
    this.arn = provider.arn;
    this.issuer = new TerraformLocal(this, "issuer", Fn.trimprefix(issuerUrl, "https://")).asString;
  }
}
