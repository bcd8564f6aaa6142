import { sameSignature, sha256, signature, uriEncode } from "./signature";
import { StsError } from "./sts-error";
import type { StsSession } from "./sts-session-store";

/** A request as it came in. */
export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: Buffer;
}

/** What a signature is checked with. */
export interface Verifier {
  readonly region: string;
  /** The time in milliseconds since 1970. */
  readonly clock: () => number;
  readonly session: (accessKeyId: string) => StsSession | undefined;
}

const MAX_SKEW_MS = 300_000;
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=(\w{16,128})\/(\d{8})\/([\w-]+)\/([\w-]+)\/aws4_request, ?SignedHeaders=([a-z0-9;_-]+), ?Signature=([0-9a-f]{64})$/;

/**
 * Whose request it is, by the SigV4 signature in its Authorization header.
 * @throws StsError as AWS words it
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signedBy(request: SignedRequest, { region, clock, session }: Verifier): StsSession {
  const header = request.headers.get("authorization");
  if (header === null) {
    throw new StsError(403, "MissingAuthenticationToken", "Request is missing Authentication Token");
  }
  const parts = AUTHORIZATION.exec(header);
  if (!parts) {
    throw new StsError(
      400,
      "IncompleteSignature",
      "The Authorization header must hold AWS4-HMAC-SHA256 Credential, SignedHeaders and Signature.",
    );
  }
  const [, accessKeyId = "", day = "", scopeRegion = "", service = "", signedHeaders = "", given = ""] =
    parts;

  const caller = session(accessKeyId);
  const token = request.headers.get("x-amz-security-token") ?? "";
  // Without its session token an access key is worth nothing.
  if (!caller || !sameSignature(sha256(token), sha256(caller.sessionToken))) {
    throw new StsError(
      403,
      "InvalidClientTokenId",
      "The security token included in the request is invalid.",
      caller ? `the session token is not that of ${accessKeyId}` : `nobody was given the key ${accessKeyId}`,
    );
  }
  const time = request.headers.get("x-amz-date") ?? "";
  checkTime(time, clock());
  if (day !== time.slice(0, 8) || scopeRegion !== region || service !== "sts") {
    throw notMatching(`Credential should be scoped to ${time.slice(0, 8)}/${region}/sts.`);
  }
  const names = signedHeaders.split(";");
  checkSignedHeaders(names, request.headers);
  const computed = signature(
    caller.secretAccessKey,
    { day, region, service },
    time,
    canonicalRequest(request, names),
  );
  if (!sameSignature(given, computed)) {
    throw notMatching(
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.",
    );
  }
  if (caller.expiration.getTime() <= clock()) {
    throw new StsError(403, "ExpiredToken", "The security token included in the request is expired");
  }
  return caller;
}

function notMatching(message: string): StsError {
  return new StsError(403, "SignatureDoesNotMatch", message);
}

function checkTime(time: string, now: number): void {
  const [, ...fields] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time) ?? [];
  const [year, month, day, hour, minute, second] = fields;
  const signed = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(signed)) {
    throw new StsError(
      400,
      "IncompleteSignature",
      "The request must carry X-Amz-Date, such as 20261122T093000Z.",
    );
  }
  if (signed < now - MAX_SKEW_MS) throw notMatching(`Signature expired: ${time} is more than 5 minutes ago.`);
  if (signed > now + MAX_SKEW_MS) throw notMatching(`Signature not yet current: ${time} is too far ahead.`);
}

/** What is not signed can be changed on the way: everything that AWS reads has to be. */
function checkSignedHeaders(names: readonly string[], headers: Headers): void {
  const present = [...headers.keys()];
  const needed = present.filter((name) => name === "content-type" || name.startsWith("x-amz-"));
  const missing = ["host", ...needed].filter((name) => !names.includes(name));
  if (missing.length > 0) throw notMatching(`These headers must be signed: ${missing.join(", ")}.`);
  const sorted = [...new Set(names)].sort();
  if (sorted.join() !== names.join() || names.some((name) => !headers.has(name))) {
    throw notMatching("SignedHeaders must be sorted and name headers of the request, each once.");
  }
}

function canonicalRequest({ method, path, query, headers, body }: SignedRequest, names: readonly string[]) {
  const value = (name: string) => (headers.get(name) ?? "").trim().replace(/ +/g, " ");
  const pairs = [...query].map(([name, item]) => ({ name: uriEncode(name), value: uriEncode(item) }));
  // A parameter occurs once: their names alone decide the order.
  pairs.sort((left, right) => (left.name < right.name ? -1 : 1));
  return [
    method,
    path,
    pairs.map((pair) => `${pair.name}=${pair.value}`).join("&"),
    ...names.map((name) => `${name}:${value(name)}`),
    "",
    names.join(";"),
    sha256(body),
  ].join("\n");
}
