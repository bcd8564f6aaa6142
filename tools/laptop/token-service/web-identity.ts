import { z } from "zod";
import { errorCode } from "../../../lib/user-error";
import type { OidcProvider } from "../../../model/access/iam";
import { invalidIdentityToken, StsError } from "./sts-error";
import { verifiedGet } from "./verified-get";

/** What a token says, once it is believed. */
export interface WebIdentity {
  readonly subject: string;
  readonly audience: string;
  /** The pod that the token was made for. @default the token does not say */
  readonly pod?: { readonly name: string; readonly uid: string };
}

/** Checks a token. @throws StsError as AWS words it */
export type WebIdentityCheck = (token: string) => Promise<WebIdentity>;

/** An OIDC provider as it is registered in IAM. */
export interface RegisteredProvider extends OidcProvider {
  /** Audiences it is registered for. */
  readonly audiences: readonly string[];
  /** Certificate of the authority that its address is verified against, PEM. */
  readonly ca: string;
  /** The time in milliseconds since 1970. */
  readonly clock: () => number;
}

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https$/ }) });

/** Several audiences, or a party that the token was authorised for, need rules that ServiceAccounts have no use for. */
const claimsSchema = z.object({
  sub: z.string().min(1),
  aud: z.union([z.string(), z.tuple([z.string()]).transform(([only]) => only)]),
  exp: z.number(),
  iat: z.number(),
  azp: z.undefined().optional(),
  "kubernetes.io": z
    .object({ pod: z.object({ name: z.string(), uid: z.string() }) })
    .optional()
    .catch(undefined),
});

/**
 * Checks tokens as IAM does: against the keys of the registered issuer, found by its discovery document over verified
 * TLS, whatever the token itself names. Keys are asked for when the first token comes, and kept.
 */
export async function webIdentityCheck(provider: RegisteredProvider): Promise<WebIdentityCheck> {
  // jose is an ES module, which this Node.js may not be able to require.
  const { createRemoteJWKSet, customFetch, decodeJwt, jwtVerify } = await import("jose");
  const url = `https://${provider.issuer}`;
  let keys: ReturnType<typeof createRemoteJWKSet> | undefined;
  const discover = async () => {
    const response = await verifiedGet(`${url}/.well-known/openid-configuration`, provider.ca);
    const { issuer, jwks_uri } = discoverySchema.parse(await response.json());
    if (issuer !== url) throw new Error(`${url} has the discovery document of ${issuer}`);
    return createRemoteJWKSet(new URL(jwks_uri), {
      [customFetch]: (address: string) => verifiedGet(address, provider.ca),
    });
  };

  return async (token) => {
    const now = provider.clock();
    try {
      const { iss } = decodeJwt(token);
      if (iss !== url) {
        throw invalidIdentityToken(`No OpenIDConnect provider found in your account for ${iss}`);
      }
      keys ??= await discover();
      const { payload } = await jwtVerify(token, keys, {
        // Never what the token's header asks for: the public key would do as the secret of an HMAC.
        algorithms: ["RS256"],
        issuer: url,
        currentDate: new Date(now),
      });
      const { data } = claimsSchema.safeParse(payload);
      if (!data) {
        throw invalidIdentityToken("The ID Token provided lacks a claim, or has one that is not understood.");
      }
      if (!provider.audiences.includes(data.aud)) throw invalidIdentityToken("Incorrect token audience");
      return { subject: data.sub, audience: data.aud, pod: data["kubernetes.io"]?.pod };
    } catch (error) {
      throw error instanceof StsError ? error : refusal(error, Math.floor(now / 1000));
    }
  };
}

const NO_KEY =
  "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements";

/** What AWS makes of an error: of jose's, by its code, or else of one on the way to the issuer's keys. */
function refusal(error: unknown, now: number): StsError {
  const code = errorCode(error);
  const reason = error instanceof Error ? error.message : code;
  switch (code) {
    case "ERR_JWT_EXPIRED":
      return new StsError(
        400,
        "ExpiredTokenException",
        `Token expired: current date/time ${now} must be before the expiration date/time in the token`,
      );
    case "ERR_JWT_INVALID":
    case "ERR_JWS_INVALID":
      return invalidIdentityToken(
        "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
        reason,
      );
    case "ERR_JWKS_NO_MATCHING_KEY":
      return invalidIdentityToken(NO_KEY, "signed with a key that the issuer does not have");
    case "ERR_JWT_CLAIM_VALIDATION_FAILED":
    case "ERR_JWS_SIGNATURE_VERIFICATION_FAILED":
    case "ERR_JOSE_ALG_NOT_ALLOWED":
    case "ERR_JOSE_NOT_SUPPORTED":
      return invalidIdentityToken("The ID Token provided could not be validated.", reason);
    default:
      return new StsError(400, "IDPCommunicationError", NO_KEY, `the issuer's keys cannot be had: ${reason}`);
  }
}
