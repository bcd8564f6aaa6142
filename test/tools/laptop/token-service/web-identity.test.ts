import { describe, expect, test } from "@jest/globals";
import { assumeWithToken, ordersApi, PLAN, roleArn, useAws } from "./support";

const SERVICES = PLAN.identities.filter((identity) => identity.kind === "service");
const DENIED = { status: 403, code: "AccessDenied" };

const aws = useAws();

describe("the role of a service", () => {
  for (const own of SERVICES) {
    test(`of all ServiceAccounts that of ${own.key} alone gets it`, async () => {
      for (const other of SERVICES) {
        const answer = await assumeWithToken(
          aws,
          await aws.issuer.serviceAccountToken(other.namespace, other.serviceAccount),
          {
            RoleArn: roleArn(own.key),
          },
        );
        expect({ other: other.key, status: answer.status }).toEqual({
          other: other.key,
          status: other.key === own.key ? 200 : 403,
        });
      }
    });
  }

  test("comes as AWS answers", async () => {
    const { status, body } = await assumeWithToken(aws, await ordersApi(aws), { DurationSeconds: "900" });
    expect(status).toBe(200);
    expect(
      body
        .replace(/<(SecretAccessKey|SessionToken|RequestId)>[^<]+/g, "<$1>…")
        .replace(/ASIA[A-Z2-7]{16}/, "ASIA…")
        .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/, "time")
        .replace(/AROA[A-Z2-7]{17}/, "AROA…")
        .replace(aws.issuer.issuer, "issuer"),
    ).toBe(
      '<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>' +
        "<SubjectFromWebIdentityToken>system:serviceaccount:shop:orders-api</SubjectFromWebIdentityToken>" +
        "<Audience>sts.amazonaws.com</Audience><Provider>arn:aws:iam::123456789012:oidc-provider/issuer</Provider>" +
        "<AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/dev-db-orders-api/test</Arn>" +
        "<AssumedRoleId>AROA…:test</AssumedRoleId></AssumedRoleUser>" +
        "<Credentials><AccessKeyId>ASIA…</AccessKeyId><SecretAccessKey>…</SecretAccessKey>" +
        "<SessionToken>…</SessionToken><Expiration>time</Expiration></Credentials>" +
        "</AssumeRoleWithWebIdentityResult><ResponseMetadata><RequestId>…</RequestId></ResponseMetadata>" +
        "</AssumeRoleWithWebIdentityResponse>",
    );
  });

  test("is kept from a ServiceAccount of the same name elsewhere, and the log says so, the caller does not hear it", async () => {
    const answer = await assumeWithToken(aws, await aws.issuer.serviceAccountToken("default", "orders-api"));
    expect(answer).toMatchObject(DENIED);
    expect(answer.body).toContain(
      "<Message>Not authorized to perform sts:AssumeRoleWithWebIdentity</Message>",
    );
    expect(aws.lines).toEqual([
      `token service: AccessDenied: ${roleArn("orders-api")} does not trust system:serviceaccount:default:orders-api`,
    ]);
  });

  test("names that look alike are others", async () => {
    for (const name of [
      "orders-ap",
      "orders-api2",
      "orders-api:x",
      "*",
      "orders-api ",
      "Orders-api",
      "orders-api\n",
    ]) {
      expect(await assumeWithToken(aws, await aws.issuer.serviceAccountToken("shop", name))).toMatchObject(
        DENIED,
      );
    }
  });

  test("one that does not exist, of another account or of people is refused in the same words", async () => {
    for (const RoleArn of [
      roleArn("nobody"),
      roleArn("on-call"),
      roleArn("orders-api").replace("123456789012", "210987654321"),
      roleArn("orders-api").replace("role/", "role/path/"),
    ]) {
      const answer = await assumeWithToken(aws, await ordersApi(aws), { RoleArn });
      expect(answer).toMatchObject(DENIED);
      expect(answer.body).toContain(
        "<Message>Not authorized to perform sts:AssumeRoleWithWebIdentity</Message>",
      );
    }
  });

  test("is lost with its removal, also for sessions there are, and a new one does not bring them back", async () => {
    const { body } = await assumeWithToken(aws, await ordersApi(aws));
    const id = /ASIA\w+/.exec(body)?.[0] ?? "";
    expect(aws.iam.session(id)?.roleArn).toBe(roleArn("orders-api"));
    aws.setRoles(aws.roles.filter(({ name }) => name !== "dev-db-orders-api"));
    expect(await assumeWithToken(aws, await ordersApi(aws))).toMatchObject(DENIED);
    expect(aws.iam.session(id)).toBeUndefined();
    aws.setRoles(aws.roles);
    expect(await assumeWithToken(aws, await ordersApi(aws))).toMatchObject({ status: 200 });
    expect(aws.iam.session(id)).toBeUndefined();
  });
});
