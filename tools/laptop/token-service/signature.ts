import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** What a SigV4 signature is for: day (`20261122`), region and service, in the order of a credential scope. */
export interface SigningScope {
  readonly day: string;
  readonly region: string;
  readonly service: string;
}

/** Lower-case hexadecimal SHA-256. */
export function sha256(text: string | Buffer): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * The SigV4 signature of a canonical request, in lower-case hexadecimal.
 * @param time as signed, such as `20261122T093000Z`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signature(
  secretAccessKey: string,
  { day, region, service }: SigningScope,
  time: string,
  canonicalRequest: string,
): string {
  const scope = `${day}/${region}/${service}/aws4_request`;
  const key = [day, region, service, "aws4_request"].reduce<Buffer>(
    (derived, part) => createHmac("sha256", derived).update(part).digest(),
    Buffer.from(`AWS4${secretAccessKey}`),
  );
  return createHmac("sha256", key)
    .update(["AWS4-HMAC-SHA256", time, scope, sha256(canonicalRequest)].join("\n"))
    .digest("hex");
}

/** Compares two signatures in a time that tells nothing of where they differ. */
export function sameSignature(given: string, computed: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(computed)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Percent-encodes as SigV4 does: everything but letters, digits, `-`, `_`, `.` and `~`. */
export function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
