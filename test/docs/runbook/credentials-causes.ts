import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ON_CALL, roleArn, type TestAws } from "../../tools/laptop/token-service/support";
import type { Variables } from "./database";

/** A pod of orders-api before anything is wrong. */
export interface Start {
  readonly aws: TestAws;
  /** What the pod has. */
  readonly variables: Variables;
  /** A folder of its own. */
  readonly home: string;
}

/** What goes wrong on the way to AWS credentials. */
export interface CredentialCause {
  /** The heading of the runbook below which its texts are. */
  readonly heading: string;
  readonly name: string;
  readonly variables: (start: Start) => Promise<Variables> | Variables;
  /** Who sees it. @default every client */
  readonly only?: "AWS CLI";
}

/** What takes credentials and signs tokens in each of the examples. */
export const AWS_CLIENTS: Readonly<Record<string, string>> = {
  psql: "AWS CLI",
  "Node.js": "JavaScript",
  Python: "boto3",
  Java: "Java",
  Go: "Go",
};

const ANOTHER_ISSUER = "https://oidc.eks.eu-west-1.amazonaws.com/id/ANOTHER";

/** Everything that goes wrong before there is a token to log in with. */
export const CREDENTIAL_CAUSES: readonly CredentialCause[] = [
  {
    heading: "Not authorized to perform sts:AssumeRoleWithWebIdentity",
    name: "another ServiceAccount than the role trusts",
    variables: async ({ aws, variables, home }) =>
      withToken(await aws.issuer.serviceAccountToken("shop", "default"), variables, home),
  },
  {
    heading: "Not authorized to perform sts:AssumeRoleWithWebIdentity",
    name: "a role that is not there",
    variables: ({ variables }) => ({ ...variables, AWS_ROLE_ARN: roleArn("order-api") }),
  },
  {
    heading: "The token of the ServiceAccount is refused",
    name: "a token of another EKS cluster",
    variables: async ({ aws, variables, home }) =>
      withToken(
        await aws.issuer.sign({ iss: ANOTHER_ISSUER, sub: "x", aud: "sts.amazonaws.com" }),
        variables,
        home,
      ),
  },
  {
    heading: "The token of the ServiceAccount is refused",
    name: "a token that has expired",
    variables: async ({ aws, variables, home }) => {
      const yesterday = new Date(Date.now() - 172_800_000);
      return withToken(
        await aws.issuer.serviceAccountToken("shop", "orders-api", { issuedAt: yesterday }),
        variables,
        home,
      );
    },
  },
  {
    heading: "The token of the ServiceAccount is refused",
    name: "a token for somebody else than AWS",
    variables: async ({ aws, variables, home }) =>
      withToken(
        await aws.issuer.serviceAccountToken("shop", "orders-api", { audience: "vault" }),
        variables,
        home,
      ),
  },
  {
    heading: "No credentials",
    name: "a pod without a role",
    variables: ({ variables: { AWS_ROLE_ARN, AWS_WEB_IDENTITY_TOKEN_FILE, ...others } }) => others,
  },
  {
    heading: "No credentials",
    name: "a file of the token that is not there",
    variables: ({ variables, home }) => ({
      ...variables,
      AWS_WEB_IDENTITY_TOKEN_FILE: join(home, "no-token"),
    }),
  },
  {
    heading: "is not authorized to perform: sts:AssumeRole",
    name: "somebody whom the role does not trust",
    only: "AWS CLI",
    variables: (start) => asPerson(start, ON_CALL.replace("OnCall", "Developer")),
  },
  {
    heading: "The credentials have expired, or are wrong",
    name: "keys that nobody knows",
    only: "AWS CLI",
    variables: (start) => asPerson(start, ON_CALL, { accessKeyId: "ASIAAAAAAAAAAAAAAAAA" }),
  },
  {
    heading: "The sign-in has ended",
    name: "IAM Identity Center, without a sign-in",
    only: "AWS CLI",
    variables: ({ variables: { AWS_ROLE_ARN, AWS_WEB_IDENTITY_TOKEN_FILE, ...others }, home }) => ({
      ...others,
      AWS_PROFILE: "work",
      AWS_CONFIG_FILE: file(
        home,
        "config",
        `[profile work]
sso_session = acme
sso_account_id = 123456789012
sso_role_name = OnCall
[sso-session acme]
sso_start_url = https://acme.awsapps.com/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access
`,
      ),
    }),
  },
];

function withToken(token: string, variables: Variables, home: string): Variables {
  return { ...variables, AWS_WEB_IDENTITY_TOKEN_FILE: file(home, "other-token", token) };
}

/** Somebody who signed in, with a profile that takes the role of on-call. */
function asPerson({ aws, variables, home }: Start, principal: string, changes: Variables = {}): Variables {
  const { AWS_ROLE_ARN, AWS_WEB_IDENTITY_TOKEN_FILE, ...others } = variables;
  const { accessKeyId, secretAccessKey, sessionToken } = { ...aws.signIn(principal), ...changes };
  const text = `[profile on-call]
role_arn = ${roleArn("on-call")}
source_profile = signed-in
[profile signed-in]
aws_access_key_id = ${accessKeyId}
aws_secret_access_key = ${secretAccessKey}
aws_session_token = ${sessionToken}
`;
  return { ...others, AWS_PROFILE: "on-call", AWS_CONFIG_FILE: file(home, "config", text) };
}

function file(home: string, name: string, text: string): string {
  const path = join(home, name);
  writeFileSync(path, text);
  return path;
}
