import { type SigningScope, uriEncode } from "../token-service/signature";

/** An IAM authentication token, read and not yet believed. */
export interface Token {
  /** `host:port` it was signed for. */
  readonly host: string;
  readonly user: string;
  readonly credential: SigningScope & { readonly accessKeyId: string };
  /** When it was signed, as signed: `20261122T093000Z`. */
  readonly time: string;
  readonly signedAt: Date;
  /** How long it is valid, in seconds. */
  readonly expires: number;
  readonly securityToken: string;
  readonly signature: string;
  /** Its parameters as they were signed: sorted, and without the signature. */
  readonly canonicalQuery: string;
}

/** All that a token has, each exactly once. */
const PARAMETERS = [
  "Action",
  "DBUser",
  "X-Amz-Algorithm",
  "X-Amz-Credential",
  "X-Amz-Date",
  "X-Amz-Expires",
  "X-Amz-Security-Token",
  "X-Amz-SignedHeaders",
  "X-Amz-Signature",
] as const;

/** Parameters that are the same in every token. */
const FIXED = { Action: "connect", "X-Amz-Algorithm": "AWS4-HMAC-SHA256", "X-Amz-SignedHeaders": "host" };

/** RDS takes no token that is valid for longer than 15 minutes. */
const MAX_EXPIRES_SECONDS = 900;

/**
 * Reads a token strictly: but for the order of its parameters, which differs between the AWS SDKs, and the slash that
 * those for Go and Kotlin leave out, there is one way to write it.
 * @returns a sentence when it is none; it quotes nothing, since that may be a password
 */
export function parseToken(text: string): Token | string {
  const [, host, query] = /^([^/?]+:\d{1,5})\/?\?(.*)$/s.exec(text) ?? [];
  if (host === undefined || query === undefined) return "the password is no token";
  const parameters = parseQuery(query);
  if (typeof parameters === "string") return parameters;
  const value = (name: (typeof PARAMETERS)[number]) => parameters.get(name) ?? "";

  for (const name of PARAMETERS) if (value(name) === "") return `the token lacks ${name}`;
  for (const [name, expected] of Object.entries(FIXED)) {
    if (parameters.get(name) !== expected) return `the token's ${name} is not ${expected}`;
  }
  const signedAt = parseTime(value("X-Amz-Date"));
  if (!signedAt) return "the token's X-Amz-Date is no time";
  const expires = /^[1-9]\d{0,2}$/.test(value("X-Amz-Expires")) ? Number(value("X-Amz-Expires")) : 0;
  if (expires < 1 || expires > MAX_EXPIRES_SECONDS) {
    return `the token's X-Amz-Expires is not between 1 and ${MAX_EXPIRES_SECONDS} seconds`;
  }
  const credential = /^([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/.exec(value("X-Amz-Credential"));
  if (!credential) return "the token's X-Amz-Credential is no credential scope";
  const [, accessKeyId = "", day = "", region = "", service = ""] = credential;
  return {
    host,
    user: value("DBUser"),
    credential: { accessKeyId, day, region, service },
    time: value("X-Amz-Date"),
    signedAt,
    expires,
    securityToken: value("X-Amz-Security-Token"),
    signature: value("X-Amz-Signature"),
    canonicalQuery: PARAMETERS.filter((name) => name !== "X-Amz-Signature")
      .map((name) => `${name}=${uriEncode(value(name))}`)
      .join("&"),
  };
}

function parseQuery(query: string): Map<string, string> | string {
  const parameters = new Map<string, string>();
  for (const pair of query.split("&")) {
    const [, name = "", encoded = ""] = /^([^=]*)=(.*)$/s.exec(pair) ?? [];
    if (!PARAMETERS.some((known) => known === name))
      return "the token has a parameter that is not part of one";
    if (parameters.has(name)) return `the token has ${name} twice`;
    const value = decode(encoded);
    if (value === undefined) return `the token's ${name} is not encoded as a signer does`;
    parameters.set(name, value);
  }
  return parameters;
}

/** The value, when this is how signers encode it. */
function decode(encoded: string): string | undefined {
  try {
    const value = decodeURIComponent(encoded);
    return uriEncode(value) === encoded ? value : undefined;
  } catch {
    return undefined;
  }
}

function parseTime(text: string): Date | undefined {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  const [year, month, day, hour, minute, second] = parts;
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // 31 February becomes a day of March.
  const same = !Number.isNaN(time.getTime()) && time.toISOString().replace(/[-:]|\.000/g, "") === text;
  return same ? time : undefined;
}
