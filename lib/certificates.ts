import { generate } from "selfsigned";

/** A certificate and its private key, both PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** When a certificate is valid. */
export interface Validity {
  /** @default now */
  readonly from?: Date;
  /** @default a year after `from` */
  readonly until?: Date;
}

/** Elliptic curve keys: made in a millisecond, where RSA takes up to a second. */
const ALGORITHM = { keyType: "ec", curve: "P-256", algorithm: "sha256" } as const;

/** A new certificate authority, for servers on this machine only. */
export async function createAuthority(name = "Local test CA"): Promise<Certificate> {
  const made = await generate([{ name: "commonName", value: name }], {
    ...ALGORITHM,
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { certificate: made.cert, key: made.private };
}

/**
 * A server's certificate, signed by an authority.
 * @param hostNames DNS names and IPv4 addresses that clients connect to; the first is its common name
 */
export async function issueCertificate(
  authority: Certificate,
  hostNames: readonly string[],
  { from, until }: Validity = {},
): Promise<Certificate> {
  const made = await generate([{ name: "commonName", value: hostNames[0] ?? "localhost" }], {
    ...ALGORITHM,
    ca: { cert: authority.certificate, key: authority.key },
    notBeforeDate: from,
    notAfterDate: until,
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: hostNames.map((name) =>
          /^[\d.]+$/.test(name) ? { type: 7, ip: name } : { type: 2, value: name },
        ),
      },
    ],
  });
  return { certificate: made.cert, key: made.private };
}
