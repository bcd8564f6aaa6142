import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { Fn, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { TOKEN_AUDIENCE } from "../../model/access/iam";

/** Options for {@link OidcProvider}. */
export interface OidcProviderProps {
  /** URL of the cluster's OIDC issuer, with https://. */
  readonly issuerUrl: string;
  /** Name shown in the console. */
  readonly name: string;
}

/**
 * Makes IAM trust the ServiceAccount tokens of a cluster, for one audience. No thumbprint is given: AWS checks the
 * issuer's certificate against its own list of authorities.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html
 */
export class OidcProvider extends Construct {
  /** ARN of the provider. */
  readonly arn: string;
  /** Host and path of the issuer, without https://: what condition keys in trust policies start with. */
  readonly issuer: string;

  constructor(scope: Construct, id: string, props: OidcProviderProps) {
    super(scope, id);
    const provider = new IamOpenidConnectProvider(this, "provider", {
      url: props.issuerUrl,
      clientIdList: [TOKEN_AUDIENCE],
      tags: { Name: props.name },
    });
    this.arn = provider.arn;
    // A local, so that policies everywhere show a plain reference in their condition keys, not a function call.
    this.issuer = new TerraformLocal(this, "issuer", Fn.trimprefix(props.issuerUrl, "https://")).asString;
  }
}
