import { X509Certificate } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { BoardBundle } from "./board-bundle";

const bundle = new BoardBundle();
afterAll(() => bundle.remove());

test("what the image needs is built without a download: two programs, and the CA certificates of RDS", () => {
  expect(readdirSync(bundle.folder).sort()).toEqual(["migrate.js", "rds-ca.pem", "server.js"]);
  const pem = readFileSync(join(bundle.folder, "rds-ca.pem"), "utf8");
  const certificates = pem.split(/(?=-----BEGIN)/).map((each) => new X509Certificate(each));
  expect(certificates.length).toBeGreaterThan(90);
  for (const { subject, ca } of certificates) {
    expect([subject, ca]).toEqual([expect.stringMatching(/^OU=Amazon RDS$/m), true]);
  }
});
