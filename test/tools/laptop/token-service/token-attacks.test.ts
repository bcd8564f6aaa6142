import { createHmac, createPublicKey, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { z } from "zod";
import { startIssuer } from "../../../../tools/laptop/token-service/oidc-issuer";
import { verifiedGet } from "../../../../tools/laptop/token-service/verified-get";
import { assumeWithToken, ordersApi, post, startAws, useAws } from "./support";

const INVALID = { status: 400, code: "InvalidIdentityToken" };

const aws = useAws();

describe("a token is refused", () => {
  const claims = (different: Readonly<Record<string, unknown>> = {}) => {
    const now = Math.floor(Date.now() / 1000);
    return {
      iss: aws.issuer.url,
      sub: "system:serviceaccount:shop:orders-api",
      aud: ["sts.amazonaws.com"],
      iat: now,
      nbf: now,
      exp: now + 600,
      jti: randomUUID(),
      ...different,
    };
  };
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const publicKeys = async (): Promise<{ kid: string }[]> => {
    const response = await verifiedGet(`${aws.issuer.url}/keys`, aws.authority.certificate);
    return z.object({ keys: z.array(z.looseObject({ kid: z.string() })) }).parse(await response.json()).keys;
  };

  test("only for what is wrong with it: the same claims with nothing changed are accepted", async () => {
    expect(await assumeWithToken(aws, await aws.issuer.sign(claims()))).toMatchObject({ status: 200 });
    expect(
      await assumeWithToken(aws, await aws.issuer.sign(claims({ aud: "sts.amazonaws.com" }))),
    ).toMatchObject({
      status: 200,
    });
  });

  test("for another audience", async () => {
    for (const audience of [
      "https://kubernetes.default.svc",
      "sts.amazonaws.com.cn",
      "",
      "STS.amazonaws.com",
    ]) {
      expect(
        await assumeWithToken(aws, await aws.issuer.serviceAccountToken("shop", "orders-api", { audience })),
      ).toMatchObject(INVALID);
    }
  });

  test("of another issuer, though its certificate is of the same authority", async () => {
    const other = await startIssuer(aws.authority);
    try {
      const foreign = await other.serviceAccountToken("shop", "orders-api");
      const answer = await assumeWithToken(aws, foreign);
      expect(answer).toMatchObject(INVALID);
      expect(answer.body).toContain(`No OpenIDConnect provider found in your account for ${other.url}`);
      // The right issuer's name with the other's key.
      expect(await assumeWithToken(aws, await other.sign(claims()))).toMatchObject(INVALID);
    } finally {
      await other.stop();
    }
  });

  test("signed by a key of one's own that claims the issuer's key id, or comes along in the header", async () => {
    const [{ kid } = { kid: "" }] = await publicKeys();
    const own = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const jwk = { ...own.publicKey.export({ format: "jwk" }), kid, alg: "RS256" };
    for (const extra of [{ kid }, { jwk }, { kid, jwk }, { kid, jku: "https://localhost:1/keys" }, {}]) {
      const content = `${encoded({ alg: "RS256", ...extra })}.${encoded(claims())}`;
      const forged = `${content}.${sign("sha256", Buffer.from(content), own.privateKey).toString("base64url")}`;
      expect(await assumeWithToken(aws, forged)).toMatchObject(INVALID);
    }
  });

  test("without a signature, or with the public key as the secret of an HMAC", async () => {
    const [key = { kid: "" }] = await publicKeys();
    const pem = createPublicKey({ key: { ...key }, format: "jwk" });
    const secrets = [
      pem.export({ format: "pem", type: "spki" }),
      pem.export({ format: "pem", type: "pkcs1" }),
      pem.export({ format: "der", type: "spki" }),
      JSON.stringify(key),
    ];
    for (const secret of secrets) {
      const content = `${encoded({ alg: "HS256", kid: key.kid })}.${encoded(claims())}`;
      const mac = createHmac("sha256", secret).update(content).digest("base64url");
      expect(await assumeWithToken(aws, `${content}.${mac}`)).toMatchObject(INVALID);
    }
    for (const alg of ["none", "None", "NONE", ""]) {
      for (const signature of ["", "AAAA"]) {
        const forged = `${encoded({ alg, kid: key.kid })}.${encoded(claims())}.${signature}`;
        expect(await assumeWithToken(aws, forged)).toMatchObject(INVALID);
      }
    }
  });

  test("expired, with the code that clients refresh on", async () => {
    const issuedAt = new Date(Date.now() - 3_601_000);
    const expired = await aws.issuer.serviceAccountToken("shop", "orders-api", {
      issuedAt,
      lifetimeSeconds: 3600,
    });
    expect(await assumeWithToken(aws, expired)).toMatchObject({ status: 400, code: "ExpiredTokenException" });
  });

  test("before it is valid", async () => {
    const issuedAt = new Date(Date.now() + 60_000);
    expect(
      await assumeWithToken(aws, await aws.issuer.serviceAccountToken("shop", "orders-api", { issuedAt })),
    ).toMatchObject(INVALID);
  });

  test("with claims missing or of another kind, though the issuer signed them", async () => {
    const sub = "system:serviceaccount:shop:orders-api";
    for (const different of [
      { sub: [sub] },
      { sub: { toString: sub } },
      { sub: undefined },
      { sub: "" },
      { exp: undefined },
      { exp: "9999999999" },
      { exp: null },
      { iat: undefined },
      { nbf: "0" },
      { aud: undefined },
      { aud: [] },
      { aud: ["sts.amazonaws.com", "vault"] },
      { aud: [["sts.amazonaws.com"]] },
      { azp: "sts.amazonaws.com" },
      { azp: "other" },
      { iss: undefined },
      { iss: [aws.issuer.url] },
      { iss: `${aws.issuer.url}/` },
      { iss: aws.issuer.issuer },
    ]) {
      const answer = await assumeWithToken(aws, await aws.issuer.sign(claims(different)));
      expect({ different, ...answer }).toMatchObject(INVALID);
    }
  });

  test("cut anywhere, changed anywhere, too long, or no token at all", async () => {
    const whole = await ordersApi(aws);
    const [header = "", payload = "", signature = ""] = whole.split(".");
    const flip = (text: string, at: number) =>
      `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`;
    for (const broken of [
      ...Array.from({ length: 20 }, (_, part) => whole.slice(0, Math.floor((whole.length * part) / 20))),
      ...Array.from({ length: 20 }, (_, part) => flip(whole, Math.floor((whole.length * part) / 20))),
      `${header}.${payload}.`,
      `${header}..${signature}`,
      `${whole}.${signature}`,
      `${encoded({ alg: "RS256" })}.${encoded("text")}.${signature}`,
      `${encoded(null)}.${encoded(null)}.${signature}`,
      "a.b.c",
      "....",
      `${whole}\u0000`,
    ]) {
      const answer = await assumeWithToken(aws, broken);
      expect([400, 403]).toContain(answer.status);
      expect(["InvalidIdentityToken", "ValidationError"]).toContain(answer.code);
    }
    const long = await aws.issuer.serviceAccountToken("shop", "x".repeat(10_000));
    expect(await assumeWithToken(aws, long)).toMatchObject({ status: 400, code: "ValidationError" });
    expect(await assumeWithToken(aws, "x".repeat(70_000))).toMatchObject({ status: 413 });
  });

  test("by an issuer whose keys cannot be had over verified TLS", async () => {
    const other = await startAws();
    try {
      const valid = await other.issuer.serviceAccountToken("shop", "orders-api");
      await other.issuer.stop();
      expect(await assumeWithToken(other, valid)).toMatchObject({
        status: 400,
        code: "IDPCommunicationError",
      });
      expect(other.lines.join()).toContain("ECONNREFUSED");
    } finally {
      await other.stop();
    }
  });

  test("whatever it hides in the parameters", async () => {
    const valid = await ordersApi(aws);
    const hidden: Record<string, string>[] = [
      { Policy: "{}" },
      { ProviderId: "www.amazon.com" },
      { "PolicyArns.member.1.arn": "arn:aws:iam::aws:policy/AdministratorAccess" },
    ];
    for (const parameters of hidden) {
      expect(await assumeWithToken(aws, valid, parameters)).toMatchObject({
        status: 400,
        code: "ValidationError",
      });
    }
    const answer = await post(aws.url, { Action: "AssumeRoleWithWebIdentity" });
    expect(answer.body).toContain(
      "3 validation errors detected: Value at &apos;roleArn&apos; failed to satisfy constraint: Member must not be null; ",
    );
  });
});
