import type { OidcProvider } from "../../../model/access/iam";
import type { Account } from "./account";
import { type SignedRequest, signedBy } from "./signed-request";
import { accessDenied, StsError } from "./sts-error";
import { checked, checkRole, type Parameters, SCHEMAS } from "./sts-parameters";
import type { StsSession } from "./sts-session-store";
import { takeRole } from "./take-role";
import type { WebIdentityCheck } from "./web-identity";
import type { XmlContent } from "./xml";

/** What the actions decide with. */
export interface StsContext {
  readonly iam: Account;
  readonly provider: OidcProvider;
  readonly webIdentity: WebIdentityCheck;
  readonly region: string;
  /** The time in milliseconds since 1970. */
  readonly clock: () => number;
}

/** A request of the Query API. */
export interface StsRequest {
  readonly parameters: Parameters;
  readonly signed: SignedRequest;
}

/** Answers a request, or throws an StsError. */
export type StsAction = (context: StsContext, request: StsRequest) => XmlContent | Promise<XmlContent>;

/** Gives a role to whom the OIDC provider vouches for. Not signed: the token is what proves the caller. */
const assumeRoleWithWebIdentity: StsAction = async (context, { parameters }) => {
  const given = checked(SCHEMAS.AssumeRoleWithWebIdentity, parameters);
  checkRole(given);
  const { iam, provider } = context;
  const { subject, audience } = await context.webIdentity(given.WebIdentityToken);
  const session = takeRole(iam, given, {
    asking: {
      actions: ["sts:AssumeRoleWithWebIdentity"],
      principal: { type: "Federated", name: provider.arn },
      context: {
        ...iam.contextOf(),
        [`${provider.issuer}:aud`]: audience,
        [`${provider.issuer}:sub`]: subject,
      },
    },
    caller: subject,
    refusal: "Not authorized to perform sts:AssumeRoleWithWebIdentity",
  });
  return {
    SubjectFromWebIdentityToken: subject,
    Audience: audience,
    Provider: provider.arn,
    ...sessionContent(session),
  };
};

/** What the requests of a session that has a source identity say of it; it goes on into every role taken with that. */
const SOURCE_IDENTITY = "aws:SourceIdentity";

/** Gives a role to a signed-in role or user that its trust policy names. */
const assumeRole: StsAction = (context, { parameters, signed }) => {
  const caller = callerOf(context, signed);
  const given = checked(SCHEMAS.AssumeRole, parameters);
  checkRole(given);
  const { SourceIdentity: asked, ExternalId } = given;
  const inherited = caller.context[SOURCE_IDENTITY];
  const refusal = (action: string) =>
    `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${given.RoleArn}`;
  if (asked !== undefined && inherited !== undefined && asked !== inherited) {
    throw accessDenied(refusal("sts:SetSourceIdentity"), "a source identity stays what it is");
  }
  const sourceIdentity = asked ?? inherited;
  const session = takeRole(context.iam, given, {
    asking: {
      actions: ["sts:AssumeRole", ...(sourceIdentity === undefined ? [] : ["sts:SetSourceIdentity"])],
      principal: { type: "AWS", name: caller.roleArn },
      context: {
        ...context.iam.contextOf(caller),
        ...(asked !== undefined && { "sts:SourceIdentity": asked }),
        ...(ExternalId !== undefined && { "sts:ExternalId": ExternalId }),
      },
    },
    caller: caller.roleArn,
    refusal: refusal("sts:AssumeRole"),
    session: sourceIdentity === undefined ? {} : { [SOURCE_IDENTITY]: sourceIdentity },
  });
  return {
    ...sessionContent(session),
    ...(sourceIdentity !== undefined && { SourceIdentity: sourceIdentity }),
  };
};

/** Says who asks; needs no permission. */
const getCallerIdentity: StsAction = (context, { parameters, signed }) => {
  const { account, arn, userId } = callerOf(context, signed);
  checked(SCHEMAS.GetCallerIdentity, parameters);
  return { Arn: arn, UserId: userId, Account: account };
};

/** The actions by name. */
export const ACTIONS: ReadonlyMap<string, StsAction> = new Map([
  ["AssumeRole", assumeRole],
  ["AssumeRoleWithWebIdentity", assumeRoleWithWebIdentity],
  ["GetCallerIdentity", getCallerIdentity],
]);

/** Version of the Query API. */
const VERSION = "2011-06-15";

/**
 * The action that parameters ask for, and its name.
 * @throws StsError when there is none
 */
export function actionOf({ Action: name, Version: version }: Parameters): { name: string; run: StsAction } {
  if (name === undefined)
    throw new StsError(400, "MissingAction", "The request must contain the parameter Action.");
  const run = ACTIONS.get(name);
  if (run && version === VERSION) return { name, run };
  throw new StsError(
    400,
    "InvalidAction",
    `Could not find operation ${name} for version ${version ?? "NO_VERSION_SPECIFIED"}`,
    "an action or a version that STS does not have",
  );
}

function callerOf({ iam, region, clock }: StsContext, signed: SignedRequest): StsSession {
  return signedBy(signed, { region, clock, session: (id) => iam.session(id) });
}

function sessionContent(session: StsSession): { readonly [name: string]: XmlContent } {
  return {
    AssumedRoleUser: { Arn: session.arn, AssumedRoleId: session.userId },
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: session.expiration.toISOString().replace(".000Z", "Z"),
    },
  };
}
