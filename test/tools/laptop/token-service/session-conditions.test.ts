import { fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import { afterAll, expect, test } from "@jest/globals";
import { WITH_SESSION_NAME } from "../../../../model/aws/people-policies";
import { type PolicyStatement, policyDocument } from "../../../../model/aws/policy-document";
import type { SignIn } from "../../../../tools/laptop/token-service/token-service";
import { assumeWithToken, ON_CALL, ordersApi, REGION, roleArn, useAws, userArn } from "./support";

const aws = useAws();
const NAMES = ["alice", "bob@x.org"];
const OWN = {
  StringEquals: { "sts:RoleSessionName": NAMES },
  StringLike: { "aws:userid": WITH_SESSION_NAME },
};

type Condition = NonNullable<PolicyStatement["Condition"]>;

/** Puts conditions on the role of on-call; each name may connect as one user, until then. */
function under(own: Condition, until: Condition = {}): void {
  const trust = policyDocument({
    Effect: "Allow",
    Principal: { AWS: ON_CALL },
    Action: "sts:AssumeRole",
    Condition: { ...own, ...until },
  });
  const connect = NAMES.map(
    (name): PolicyStatement => ({
      Effect: "Allow",
      Action: "rds-db:connect",
      Resource: userArn(name),
      Condition: { StringLike: { "aws:userid": `*:${name}` }, ...until },
    }),
  );
  const permissions = [policyDocument(...connect)];
  aws.setRoles(
    aws.roles.map((role) => (role.arn === roleArn("on-call") ? { ...role, trust, permissions } : role)),
  );
}
afterAll(() => aws.setRoles(aws.roles));

/** Takes the role under a name, and returns the access key of the session. */
async function take(name: string, how: SignIn): Promise<string> {
  const credentials = await fromTemporaryCredentials({
    params: { RoleArn: roleArn("on-call"), RoleSessionName: name },
    masterCredentials: aws.signIn(ON_CALL, how),
    clientConfig: { endpoint: aws.url, region: REGION, maxAttempts: 1 },
  })();
  return credentials.accessKeyId;
}

const DENIED = { name: "AccessDenied" };
const connects = (key: string, user: string) => aws.iam.allows(key, "rds-db:connect", userArn(user));
const inSeconds = (seconds: number) =>
  new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+/, "");

test("a member takes the role in their own name, and connects as their own user alone", async () => {
  under(OWN);
  for (const name of NAMES) {
    const session = await take(name, { sessionName: name });
    expect(NAMES.filter((user) => connects(session, user))).toEqual([name]);
    expect(aws.iam.allows(session, "rds-db:Connect", userArn(name))).toBe(false);
  }
});

test("nobody takes it in the name of another, nor in one that is no member's", async () => {
  under(OWN);
  await expect(take("alice", { sessionName: "bob@x.org" })).rejects.toMatchObject(DENIED);
  await expect(take("Alice", { sessionName: "Alice" })).rejects.toMatchObject(DENIED);
  await expect(take("carol", { sessionName: "carol" })).rejects.toMatchObject(DENIED);
  await expect(take("alice", {})).rejects.toMatchObject(DENIED);
});

test("what the request of a person says, that of a pod does not", async () => {
  under({ StringEquals: { "sts:RoleSessionName": "test" }, StringLike: { "aws:userid": "*:test" } });
  const pod = await assumeWithToken(aws, await ordersApi(aws), { RoleArn: roleArn("on-call") });
  expect(pod).toMatchObject({ status: 403, code: "AccessDenied" });
});

test("after its end nobody gets a session, and one from before opens no connection", async () => {
  under(OWN, { DateLessThan: { "aws:CurrentTime": inSeconds(60) } });
  const session = await take("alice", { sessionName: "alice" });
  expect(connects(session, "alice")).toBe(true);
  aws.advance(61);
  try {
    expect(connects(session, "alice")).toBe(false);
    await expect(take("alice", { sessionName: "alice" })).rejects.toMatchObject(DENIED);
  } finally {
    aws.advance(-61);
  }
  expect(connects(session, "alice")).toBe(true);
});

test("a session that nobody was given, or of a role that is gone, is allowed nothing", async () => {
  under(OWN);
  const session = await take("alice", { sessionName: "alice" });
  expect(connects("ASIAX", "alice")).toBe(false);
  expect(connects(aws.signIn(ON_CALL, { sessionName: "alice" }).accessKeyId, "alice")).toBe(false);
  aws.setRoles(aws.roles.filter(({ arn }) => arn !== roleArn("on-call")));
  expect(connects(session, "alice")).toBe(false);
});
