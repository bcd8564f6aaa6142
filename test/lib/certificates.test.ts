import { X509Certificate } from "node:crypto";
import { expect, test } from "@jest/globals";
import { createAuthority, issueCertificate } from "../../lib/certificates";

test("a server's certificate is its authority's, for its host names and addresses and no others", async () => {
  const authority = await createAuthority();
  const issued = await issueCertificate(authority, ["localhost", "127.0.0.1", "db.example.com"]);
  const certificate = new X509Certificate(issued.certificate);
  expect(certificate.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
  expect(certificate.subjectAltName).toBe("DNS:localhost, IP Address:127.0.0.1, DNS:db.example.com");
  expect(certificate.checkHost("other.example.com")).toBeUndefined();
  expect(certificate.ca).toBe(false);
});

test("an authority may sign and its signature is not another authority's", async () => {
  const [one, other] = await Promise.all([createAuthority(), createAuthority()]);
  expect(new X509Certificate(one.certificate).ca).toBe(true);
  const issued = new X509Certificate((await issueCertificate(one, ["localhost"])).certificate);
  expect(issued.verify(new X509Certificate(other.certificate).publicKey)).toBe(false);
});

test("a certificate may have expired, for tests of clients that must refuse it", async () => {
  const expired = { from: new Date("2020-01-01"), until: new Date("2020-02-01") };
  const issued = await issueCertificate(await createAuthority(), ["localhost"], expired);
  expect(new Date(new X509Certificate(issued.certificate).validTo)).toEqual(expired.until);
});
