import type { Certificate } from "../../../lib/certificates";
import { TOKEN_AUDIENCE } from "../../../model/access/iam";
import { POD_IDENTITY } from "../../../model/aws/pod-identity";
import { Account } from "./account";
import type { LocalIam, LocalRole, SessionCredentials } from "./local-iam";
import { type OidcIssuer, oidcProvider } from "./oidc-issuer";
import { type PodIdentityAssociation, podIdentityAgent } from "./pod-identity-agent";
import { serveApp } from "./serve-app";
import { callBy, type ServiceCall } from "./service-call";
import { queryApi } from "./sts-query-api";
import { webIdentityCheck } from "./web-identity";
import { startWorkloads, type Workloads } from "./workloads";

/** Options for {@link startTokenService}. */
export interface TokenServiceOptions {
  /** Number of the account. */
  readonly account: string;
  /** Such as `aws`. */
  readonly partition: string;
  readonly region: string;
  /** The cluster's issuer, registered in IAM for the audience of AWS. The caller stops it. */
  readonly issuer: Pick<OidcIssuer, "issuer">;
  /** Signed the issuer's certificate. */
  readonly authority: Pick<Certificate, "certificate">;
  /** The account's roles, such as `synthesisedRoles` reads them. */
  readonly roles: readonly LocalRole[];
  /** ARN of the EKS cluster whose issuer it is. */
  readonly clusterArn: string;
  /** Associations of EKS Pod Identity, such as `synthesisedAssociations` reads them. @default none */
  readonly associations?: readonly PodIdentityAssociation[];
  /** Takes a line for each refusal, with its reason, never a token or a secret. @default nothing is logged */
  readonly log?: (line: string) => void;
  /** The time in milliseconds since 1970. @default Date.now */
  readonly clock?: () => number;
  /** The same, as conditions of policies see it: clients sign by their own clock. @default the clock */
  readonly conditionTime?: () => number;
}

/** How somebody signed in. */
export interface SignIn {
  /** Name of the session, such as IAM Identity Center gives it: that of the user. @default "laptop" */
  readonly sessionName?: string;
  /** @default 3600 */
  readonly durationSeconds?: number;
  /** With a second factor. @default false */
  readonly mfa?: boolean;
  /** Who it is, to CloudTrail. @default not said */
  readonly sourceIdentity?: string;
}

/** As much of IAM and STS as a login needs, on this machine. */
export interface TokenService {
  /** Address of STS, for AWS_ENDPOINT_URL_STS. */
  readonly url: string;
  readonly iam: LocalIam;
  /** Where pods get the credentials of EKS Pod Identity, for AWS_CONTAINER_CREDENTIALS_FULL_URI. */
  readonly podIdentityUrl: string;
  /** Lambda, ECS and EC2. */
  readonly workloads: Omit<Workloads, "stop">;
  /**
   * Credentials of a role for a service of AWS, whatever that would really ask.
   * @throws StsError AccessDenied when the role does not trust the service so
   */
  callBy(call: ServiceCall): SessionCredentials;
  /**
   * Credentials of a role or user that is not of the access stack, as after a sign-in elsewhere.
   * @param principalArn such as `arn:aws:iam::123456789012:role/OnCall`
   * @param how what the session says of the sign-in. @default neither MFA nor a source identity
   */
  signIn(principalArn: string, how?: SignIn): SessionCredentials;
  /** Puts other roles in place. Sessions of a role that stays go on, under its new policies. */
  setRoles(roles: readonly LocalRole[]): void;
  stop(): Promise<void>;
}

/** Starts the token service on a free port of 127.0.0.1. */
export async function startTokenService(options: TokenServiceOptions): Promise<TokenService> {
  const { region, authority, log = () => undefined, clock = Date.now } = options;
  const provider = oidcProvider(options.issuer, options);
  const iam = new Account(clock, options.conditionTime);
  iam.setRoles(options.roles);
  const tokens = (audience: string) =>
    webIdentityCheck({ ...provider, audiences: [audience], ca: authority.certificate, clock });
  const webIdentity = await tokens(TOKEN_AUDIENCE);
  const server = await serveApp(queryApi({ iam, provider, webIdentity, region, clock, log }));
  const { clusterArn, associations = [] } = options;
  const podTokens = await tokens(POD_IDENTITY);
  const agent = await serveApp(
    podIdentityAgent({ iam, webIdentity: podTokens, clusterArn, associations, log }),
  );
  const workloads = await startWorkloads({ ...options, iam, log, clock });
  return {
    podIdentityUrl: `http://127.0.0.1:${agent.port}/v1/credentials`,
    workloads,
    callBy: (call) => callBy(iam, call),
    url: `http://127.0.0.1:${server.port}`,
    iam,
    signIn: (principalArn, { sessionName = "laptop", durationSeconds = 3600, mfa, sourceIdentity } = {}) =>
      iam.issue({
        principalArn,
        sessionName,
        durationSeconds,
        context: {
          ...(mfa && { "aws:MultiFactorAuthPresent": "true" }),
          ...(sourceIdentity !== undefined && { "aws:SourceIdentity": sourceIdentity }),
        },
      }),
    setRoles: (roles) => iam.setRoles(roles),
    stop: async () => {
      for (const each of [workloads.stop, agent.close, server.close]) await each();
    },
  };
}
