import { afterEach, expect, test } from "@jest/globals";
import { policyDocument } from "../../../../model/aws/policy-document";
import type { SessionCredentials } from "../../../../tools/laptop/token-service/local-iam";
import { sha256, signature } from "../../../../tools/laptop/token-service/signature";
import { type SignedRequest, sdkRequest, withHeader, without } from "./sdk-request";
import { type Answer, assumeWithToken, ON_CALL, PLAN, REGION, roleArn, send, useAws } from "./support";

const SERVICES = PLAN.identities.filter(({ kind }) => kind === "service");
const NOT_MATCHING = { status: 403, code: "SignatureDoesNotMatch" };
const UNKNOWN = { status: 403, code: "InvalidClientTokenId" };
const DENIED = { status: 403, code: "AccessDenied" };

const aws = useAws();
let onCall: SessionCredentials;
afterEach(() => {
  expect(aws.lines.join()).not.toContain(onCall.secretAccessKey);
  expect(aws.lines.join()).not.toContain(onCall.sessionToken);
});

/** The AssumeRole of somebody on call, with what is different. */
function signed(
  different: Partial<SessionCredentials> = {},
  options?: Parameters<typeof sdkRequest>[2],
): Promise<SignedRequest> {
  onCall = aws.signIn(ON_CALL);
  return sdkRequest(aws.url, { ...onCall, ...different }, options);
}

const deliver = ({ headers, body, query = "" }: SignedRequest): Promise<Answer> =>
  send(`${aws.url}/${query}`, { method: "POST", headers: { ...headers }, body });

test("a person who signed in gets the role of the group", async () => {
  const { status, body } = await deliver(await signed());
  expect(status).toBe(200);
  expect(body).toContain("<Arn>arn:aws:sts::123456789012:assumed-role/dev-db-on-call/alice</Arn>");
});

test("a source identity is set only where the trust policy allows it, and stays what it is", async () => {
  const trust = (...Action: readonly string[]) =>
    policyDocument({ Effect: "Allow", Principal: { AWS: ON_CALL }, Action });
  const assume = async (sourceIdentity?: string, SourceIdentity?: string) => {
    onCall = aws.signIn(ON_CALL, { sourceIdentity });
    return deliver(await sdkRequest(aws.url, onCall, { SourceIdentity }));
  };
  expect(await assume(undefined, "ann")).toMatchObject(DENIED);
  expect(await assume("ann")).toMatchObject(DENIED);
  const trusted = trust("sts:AssumeRole", "sts:SetSourceIdentity");
  aws.setRoles(
    aws.roles.map((role) => (role.arn === roleArn("on-call") ? { ...role, trust: trusted } : role)),
  );
  for (const answer of [await assume(undefined, "ann"), await assume("ann"), await assume("ann", "ann")]) {
    expect(answer).toMatchObject({
      status: 200,
      body: expect.stringContaining("<SourceIdentity>ann</SourceIdentity>"),
    });
    const session = aws.iam.session(/ASIA\w+/.exec(answer.body)?.[0] ?? "");
    expect(session).toMatchObject({ context: { "aws:SourceIdentity": "ann" } });
  }
  expect(await assume("ann", "bob")).toMatchObject(DENIED);
  aws.setRoles(aws.roles);
});

test("another principal, and the role of a service, do not get it", async () => {
  const stranger = aws.signIn(ON_CALL.replace("OnCall", "OnCall2"));
  expect(await deliver(await signed(stranger))).toMatchObject(DENIED);
  expect(await deliver(await signed(aws.signIn(ON_CALL.replace("role/", "user/"))))).toMatchObject(DENIED);
  const { body } = await assumeWithToken(aws, await aws.issuer.serviceAccountToken("shop", "orders-api"));
  const service = aws.iam.session(/ASIA\w+/.exec(body)?.[0] ?? "");
  const answer = await deliver(await signed(service));
  expect(answer).toMatchObject(DENIED);
  expect(answer.body).toContain(
    "User: arn:aws:sts::123456789012:assumed-role/dev-db-orders-api/test is not authorized to perform: sts:AssumeRole",
  );
});

test("the role of a service is for its ServiceAccount alone, not for people", async () => {
  for (const { key } of SERVICES) {
    expect(await deliver(await signed({}, { role: roleArn(key) }))).toMatchObject(DENIED);
  }
});

test("an access key without its session token is worth nothing", async () => {
  expect(await deliver(await signed({ sessionToken: undefined }))).toMatchObject(UNKNOWN);
  const other = aws.signIn(ON_CALL);
  expect(await deliver(await signed({ sessionToken: other.sessionToken }))).toMatchObject(UNKNOWN);
  expect(await deliver(await signed({ accessKeyId: other.accessKeyId }))).toMatchObject(UNKNOWN);
  expect(await deliver(await signed({ accessKeyId: "AKIAIOSFODNN7EXAMPLE" }))).toMatchObject(UNKNOWN);
  expect(await deliver(without(await signed(), "x-amz-security-token"))).toMatchObject(UNKNOWN);
});

test("a signature by another secret or for another region is refused", async () => {
  expect(
    await deliver(await signed({ secretAccessKey: `${aws.signIn(ON_CALL).secretAccessKey}` })),
  ).toMatchObject(NOT_MATCHING);
  expect(await deliver(await signed({}, { region: "us-east-1" }))).toMatchObject(NOT_MATCHING);
});

test("nothing of a signed request can be changed", async () => {
  const request = await signed();
  const { authorization = "", "content-type": type = "" } = request.headers;
  const date = request.headers["x-amz-date"] ?? "";
  expect(await deliver(request)).toMatchObject({ status: 200 });
  for (const changed of [
    { ...request, body: request.body.replace("alice", "mallory") },
    { ...request, body: `${request.body}&DurationSeconds=3600` },
    { ...request, body: `${request.body} ` },
    withHeader(request, "content-type", `${type}; charset=utf-8`),
    withHeader(request, "x-amz-target", "added"),
    withHeader(
      request,
      "x-amz-date",
      `${date.slice(0, 13)}59Z` === date ? `${date.slice(0, 13)}58Z` : `${date.slice(0, 13)}59Z`,
    ),
    withHeader(request, "authorization", authorization.replace(/SignedHeaders=[^,]+/, "SignedHeaders=host")),
    withHeader(request, "authorization", authorization.replace("content-type;", "")),
    withHeader(request, "authorization", authorization.replace("host;", "host;host;")),
    withHeader(request, "authorization", authorization.replace("SignedHeaders=", "SignedHeaders=absent;")),
    withHeader(request, "authorization", authorization.replace("/sts/", "/iam/")),
    withHeader(request, "authorization", authorization.replace(/\/\d{8}\//, "/20200101/")),
    withHeader(request, "authorization", authorization.replace(`/${REGION}/`, "/eu-west-2/")),
  ]) {
    expect(await deliver(changed)).toMatchObject(NOT_MATCHING);
  }
  const at = authorization.indexOf("Signature=") + "Signature=".length;
  for (let digit = at; digit < authorization.length; digit++) {
    const flipped = authorization[digit] === "0" ? "1" : "0";
    const forged = `${authorization.slice(0, digit)}${flipped}${authorization.slice(digit + 1)}`;
    expect(await deliver(withHeader(request, "authorization", forged))).toMatchObject(NOT_MATCHING);
  }
}, 60_000);

test("a signature is for one day and one service, and names its headers in order, however right it is", async () => {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = { day: time.slice(0, 8), region: REGION, service: "sts" };
  const inOrder = ["content-type", "host", "x-amz-date", "x-amz-security-token"];
  const by = (
    { accessKeyId, secretAccessKey, sessionToken }: SessionCredentials,
    signing = scope,
    names = inOrder,
  ) => {
    const body = "Action=GetCallerIdentity&Version=2011-06-15";
    const headers: Record<string, string> = {
      "content-type": "application/x-www-form-urlencoded",
      host: new URL(aws.url).host,
      "x-amz-date": time,
      "x-amz-security-token": sessionToken,
    };
    const lines = names.map((name) => `${name}:${headers[name]}`);
    const canonical = ["POST", "/", "", ...lines, "", names.join(";"), sha256(body)].join("\n");
    const credential = `${accessKeyId}/${signing.day}/${signing.region}/${signing.service}/aws4_request`;
    const made = signature(secretAccessKey, signing, time, canonical);
    const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(";")}, Signature=${made}`;
    return deliver({ body, headers: { ...headers, authorization } });
  };
  const person = aws.signIn(ON_CALL);
  expect(await by(person)).toMatchObject({ status: 200 });
  expect(await by(person, { ...scope, day: "20200101" })).toMatchObject(NOT_MATCHING);
  expect(await by(person, { ...scope, service: "rds-db" })).toMatchObject(NOT_MATCHING);
  expect(await by(person, scope, inOrder.toReversed())).toMatchObject(NOT_MATCHING);
});

test("an authorization that is missing or not of SigV4 is named as such", async () => {
  const request = await signed();
  expect(await deliver(without(request, "authorization"))).toMatchObject({
    status: 403,
    code: "MissingAuthenticationToken",
  });
  for (const authorization of [
    "Bearer x",
    "AWS4-HMAC-SHA256",
    "AWS4-HMAC-SHA256 Credential=, SignedHeaders=, Signature=",
  ]) {
    expect(await deliver(withHeader(request, "authorization", authorization))).toMatchObject({
      status: 400,
      code: "IncompleteSignature",
    });
  }
  for (const date of ["", "now", "20261399T000000Z", "2026-11-22T00:00:00Z"]) {
    expect(await deliver(withHeader(request, "x-amz-date", date))).toMatchObject({
      status: 400,
      code: "IncompleteSignature",
    });
  }
});

test("parameters in the query, which come beside a signed body, are refused", async () => {
  const request = await signed();
  expect(await deliver({ ...request, query: "?RoleSessionName=mallory" })).toMatchObject({
    status: 400,
    code: "MalformedInput",
  });
});

test("a request can be replayed for five minutes and no longer, nor come from the future", async () => {
  const request = await signed();
  try {
    aws.advance(290);
    expect(await deliver(request)).toMatchObject({ status: 200 });
    aws.advance(11);
    expect(await deliver(request)).toMatchObject(NOT_MATCHING);
    aws.advance(-602);
    expect(await deliver(request)).toMatchObject(NOT_MATCHING);
  } finally {
    aws.advance(301);
  }
});

test("credentials expire, and the gateway still learns whose they were", async () => {
  const short = aws.signIn(ON_CALL, { durationSeconds: 2 });
  try {
    aws.advance(3);
    expect(await deliver(await signed(short))).toMatchObject({ status: 403, code: "ExpiredToken" });
    expect(aws.iam.session(short.accessKeyId)?.roleArn).toBe(ON_CALL);
    // An hour later they are forgotten, with the next session that is made.
    aws.advance(3700);
    aws.signIn(ON_CALL);
    expect(aws.iam.session(short.accessKeyId)).toBeUndefined();
  } finally {
    aws.advance(-3703);
  }
});

test("who signs in is a role or a user", () => {
  for (const principal of ["", "arn:aws:iam::123456789012:root", "123456789012", "*"]) {
    expect(() => aws.signIn(principal)).toThrow("is no ARN of one");
  }
});
