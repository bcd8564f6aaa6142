import { shown } from "../../protocol/refusal";
import type { LocalIam } from "../token-service/local-iam";
import { sameSignature, sha256, signature } from "../token-service/signature";
import { parseToken } from "./iam-token";

/** The database cluster as IAM knows it. */
export interface DatabaseIdentity {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  /** Its immutable id (`cluster-…`), not its name. */
  readonly resourceId: string;
}

/** A login that a token is to prove. */
export interface Login {
  /** As in the startup packet. */
  readonly user: string;
  /** Host name and port that clients connect to, as `host:port`. */
  readonly endpoint: string;
  readonly database: DatabaseIdentity;
  readonly now: Date;
}

/** Whether a token proves a login; if not, the reason as a sentence that holds nothing secret. */
export type TokenVerdict =
  | { readonly accepted: true; readonly roleArn: string }
  | { readonly accepted: false; readonly reason: string };

/** How far ahead a signer's clock may be, as elsewhere on AWS. */
const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * Checks an IAM authentication token as RDS does: a presigned GET whose signature, scope, time and session hold, of a role
 * that may connect as this user.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.html
 */
export function checkToken(text: string, login: Login, iam: LocalIam): TokenVerdict {
  const refused = (reason: string): TokenVerdict => ({ accepted: false, reason });
  const token = parseToken(text);
  if (typeof token === "string") return refused(token);
  const { credential, expires, signedAt } = token;
  const { user, endpoint, database, now } = login;
  if (token.host !== endpoint) return refused(`the token was signed for another host: ${shown(token.host)}`);
  if (token.user !== user) return refused(`the token was signed for another user: ${shown(token.user)}`);
  if (credential.region !== database.region) {
    return refused(`the token was signed for another region: ${shown(credential.region)}`);
  }
  if (credential.service !== "rds-db") {
    return refused(`the token was signed for another service: ${shown(credential.service)}`);
  }
  if (credential.day !== token.time.slice(0, 8)) return refused("the token's scope is of another day");
  if (signedAt.getTime() > now.getTime() + CLOCK_SKEW_MS) {
    return refused(`the token was signed in the future, at ${token.time}`);
  }
  if (now.getTime() >= signedAt.getTime() + expires * 1000) {
    return refused(`the token has expired: signed at ${token.time} for ${expires} seconds`);
  }

  const session = iam.session(credential.accessKeyId);
  if (!session) return refused("the token was signed with an access key that this account never issued");
  const request = ["GET", "/", token.canonicalQuery, `host:${token.host}`, "", "host", sha256("")].join("\n");
  const computed = signature(session.secretAccessKey, credential, token.time, request);
  if (!sameSignature(token.signature, computed)) return refused("the token's signature does not match");
  if (!sameSignature(token.securityToken, session.sessionToken)) {
    return refused("the token's X-Amz-Security-Token is not that of its session");
  }
  if (now >= session.expiration) {
    return refused(`the session that signed the token expired at ${session.expiration.toISOString()}`);
  }
  const resource = `arn:${database.partition}:rds-db:${database.region}:${database.account}:dbuser:${database.resourceId}/${user}`;
  if (iam.allows(credential.accessKeyId, "rds-db:connect", resource)) {
    return { accepted: true, roleArn: session.roleArn };
  }
  return refused(
    `${session.roleArn} has no policy that allows rds-db:connect on ${shown(resource)} to this session now`,
  );
}
