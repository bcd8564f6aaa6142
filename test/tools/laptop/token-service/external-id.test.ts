import { fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import { describe, expect, test } from "@jest/globals";
import { post, REGION, useAws } from "./support";
import { arnOf, connects, roleOf } from "./workload-roles";

const DEPLOY = "arn:aws:iam::210987654321:role/ci/Deploy";
const ROBOT = "arn:aws:iam::210987654321:user/robot";
const by = (externalId?: string) => ({
  Principal: { AWS: [DEPLOY, ROBOT] },
  Action: "sts:AssumeRole",
  ...(externalId !== undefined && { Condition: { StringEquals: { "sts:ExternalId": externalId } } }),
});
const { trust: _, ...madeElsewhere } = roleOf("elsewhere");
const aws = useAws({ roles: [roleOf("deployments", by("acme-7f3c")), roleOf("open", by()), madeElsewhere] });

/** Takes a role as somebody, who says this. */
async function take(principal: string, name: string, ExternalId?: string): Promise<string> {
  const credentials = await fromTemporaryCredentials({
    params: { RoleArn: arnOf(name), RoleSessionName: "deploy", ExternalId },
    masterCredentials: aws.signIn(principal),
    clientConfig: { endpoint: aws.url, region: REGION, maxAttempts: 1 },
  })();
  return credentials.accessKeyId;
}

const DENIED = { name: "AccessDenied" };

test.each([DEPLOY, ROBOT])("%s takes the role by its external id and in no other way", async (principal) => {
  expect(connects(aws, await take(principal, "deployments", "acme-7f3c"), "deployments")).toBe(true);
  for (const externalId of [undefined, "acme-7f3d", "ACME-7f3c", "acme-7f3c-", "cme-7f3c"]) {
    await expect(take(principal, "deployments", externalId)).rejects.toMatchObject(DENIED);
  }
});

test("where none is asked for, one that is said does no harm", async () => {
  expect(connects(aws, await take(DEPLOY, "open", "acme-7f3c"), "open")).toBe(true);
  expect(connects(aws, await take(DEPLOY, "open"), "open")).toBe(true);
});

test("nobody takes it whose ARN reads almost the same", async () => {
  for (const principal of [
    "arn:aws:iam::123456789012:role/ci/Deploy",
    "arn:aws:iam::210987654321:role/Deploy",
    "arn:aws:iam::210987654321:user/ci/Deploy",
    "arn:aws:iam::210987654321:role/ci/Deploy2",
    "arn:aws-cn:iam::210987654321:role/ci/Deploy",
  ]) {
    await expect(take(principal, "deployments", "acme-7f3c")).rejects.toMatchObject(DENIED);
  }
});

test("whoever vouches for others says no external id: a web identity has none, whatever it sends", async () => {
  const given = {
    RoleArn: arnOf("deployments"),
    RoleSessionName: "test",
    WebIdentityToken: await aws.issuer.serviceAccountToken("shop", "orders-api"),
    ExternalId: "acme-7f3c",
  };
  expect(await post(aws.url, { Action: "AssumeRoleWithWebIdentity", ...given })).toMatchObject({
    status: 400,
    code: "ValidationError",
  });
});

describe("an external id that AWS does not take is refused", () => {
  test.each(["x", "a b", "a*", "a\n", "", "x".repeat(1225), "é".repeat(3)])("%j", async (externalId) => {
    await expect(take(DEPLOY, "open", externalId)).rejects.toMatchObject({ name: "ValidationError" });
  });
});

test("a role that is made elsewhere is had, and by nobody taken", async () => {
  expect(connects(aws, aws.signIn(arnOf("elsewhere")).accessKeyId, "elsewhere")).toBe(true);
  for (const principal of [DEPLOY, arnOf("elsewhere")]) {
    await expect(take(principal, "elsewhere")).rejects.toMatchObject(DENIED);
  }
  for (const service of ["lambda.amazonaws.com", "ec2.amazonaws.com"]) {
    const call = { service, sessionName: "test", roleArn: arnOf("elsewhere") };
    expect(() => aws.callBy(call)).toThrow("is not authorized to perform: sts:AssumeRole");
  }
});

test("who asks is told the account that they are of", async () => {
  const { accessKeyId } = aws.signIn(DEPLOY);
  expect(aws.iam.session(accessKeyId)).toMatchObject({
    account: "210987654321",
    arn: "arn:aws:sts::210987654321:assumed-role/Deploy/laptop",
  });
});
