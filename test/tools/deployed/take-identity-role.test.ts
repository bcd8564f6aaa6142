import { describe, expect, test } from "@jest/globals";
import { UserError } from "../../../lib/user-error";
import { accessPlan } from "../../../model/access/plan";
import type { Aws } from "../../../tools/deployed/aws-cli";
import { takeIdentityRole } from "../../../tools/deployed/take-identity-role";
import { parse } from "../../helpers/environment";

const FILE = `
name: test
account: "123456789012"
region: eu-west-1
access:
  accounts: { ci: "210987654321" }
  databases: { shop: [orders] }
  namespaces: { shop: {} }
  services:
    orders-api: { namespace: shop, grants: { shop.orders: read-write } }
    deployments:
      principals: ["arn:aws:iam::210987654321:role/Deploy"]
      externalId: acme-7f3c
      grants: { shop.orders: read-only }
  people:
    audit: { principals: ["arn:aws:iam::123456789012:role/Audit"], grants: { shop.orders: read-only } }
    on-call:
      principals: ["arn:aws:iam::123456789012:role/OnCall"]
      members: [anna@acme.com, ben]
      requireMfa: true
      requireSourceIdentity: true
      until: 2099-01-01
      grants: { shop.orders: read-only }
`;
const plan = accessPlan(parse(FILE));
const CALLER = "arn:aws:sts::123456789012:assumed-role/OnCall/anna@acme.com";
const DENIED = `
An error occurred (AccessDenied) when calling the AssumeRole operation: User: ${CALLER} is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/test-db-on-call`;

/** The AWS CLI: what it was asked, and what it says to each call. */
function cli(...answers: readonly (string | Error)[]): { readonly aws: Aws; readonly calls: string[][] } {
  const calls: string[][] = [];
  const aws: Aws = async (args) => {
    const answer = answers[Math.min(calls.push([...args]), answers.length) - 1] ?? "";
    if (typeof answer !== "string") throw answer;
    return answer;
  };
  return { aws, calls };
}

const refused = (said = DENIED) => Object.assign(new UserError(["these lack a permission"]), { cause: said });
const session = (minutes: number, name = "ASIA") =>
  JSON.stringify({
    Credentials: {
      AccessKeyId: name,
      SecretAccessKey: "secret",
      SessionToken: "token",
      Expiration: new Date(Date.now() + minutes * 60_000).toISOString(),
    },
  });

function take(key: string, aws: Aws, more: { readonly member?: string; readonly caller?: string } = {}) {
  const identity = plan.identities.find((each) => each.key === key);
  if (!identity) throw new Error(key);
  return takeIdentityRole({ plan, identity, caller: CALLER, aws, ...more });
}

const said = (key: string, aws: Aws, more = {}) =>
  take(key, aws, more).then(
    () => "taken",
    (error: unknown) => (error instanceof UserError ? error.messages.join("\n") : String(error)),
  );

const role = (key: string) => `arn:aws:iam::123456789012:role/test-db-${key}`;
const asked = (key: string, name: string, ...more: readonly string[]) => [
  ...["sts", "assume-role", "--region", "eu-west-1", "--output", "json"],
  ...["--role-arn", role(key), "--role-session-name", name, ...more],
];

describe("who takes a role", () => {
  test("is named as their own session is, so that what they do with it is theirs in CloudTrail", async () => {
    const { aws, calls } = cli(session(60));
    expect(await (await take("audit", aws))()).toEqual({
      accessKeyId: "ASIA",
      secretAccessKey: "secret",
      sessionToken: "token",
      expiration: expect.any(Date),
    });
    expect(calls).toEqual([asked("audit", "anna@acme.com")]);
  });

  test.each([
    ["arn:aws:iam::123456789012:user/ann"],
    ["arn:aws:iam::123456789012:root"],
    ["arn:aws:sts::123456789012:federated-user/ann"],
  ])("has a name all the same without a session of their own: %s", async (caller) => {
    const { aws, calls } = cli(session(60));
    await take("audit", aws, { caller });
    expect(calls).toEqual([asked("audit", "as")]);
  });

  test("says the external id of listed principals", async () => {
    const { aws, calls } = cli(session(60));
    await take("deployments", aws);
    expect(calls).toEqual([asked("deployments", "anna@acme.com", "--external-id", "acme-7f3c")]);
  });

  test("brings a source identity, and says one only when AWS takes none from the sign-in", async () => {
    const carried = cli(session(60));
    await take("on-call", carried.aws, { member: "anna@acme.com" });
    expect(carried.calls).toEqual([asked("on-call", "anna@acme.com")]);
    const set = cli(refused(), session(60));
    await take("on-call", set.aws, { member: "anna@acme.com" });
    expect(set.calls[1]).toEqual(asked("on-call", "anna@acme.com", "--source-identity", "anna@acme.com"));
  });
});

describe("a role that is not to be had is one sentence, with what to do", () => {
  test("a service's trusts no person", async () => {
    const { aws, calls } = cli(session(60));
    expect(await said("orders-api", aws)).toBe(
      `the IAM role test-db-orders-api is for what runs as orders-api and trusts no person, and you are ${CALLER}; log in as a group of people (audit, on-call), or try it on the laptop: leave out --env`,
    );
    expect(calls).toEqual([]);
  });

  test("a group's, with all of AWS's words and each condition", async () => {
    const { aws } = cli(refused());
    const sentence = await said("on-call", aws, { member: "anna@acme.com" });
    expect(sentence.split("; ")).toEqual([
      `AWS does not let ${CALLER} take the IAM role test-db-on-call of on-call: ${DENIED.trim()}`,
      "it trusts arn:aws:iam::123456789012:role/OnCall",
      "it wants a sign-in with a second factor: a profile with mfa_serial, or `aws sts get-session-token --serial-number … --token-code …`",
      "it wants a source identity: one from your sign-in, or sts:SetSourceIdentity in your own policy, to say anna@acme.com",
      "it wants your session to have a member's name, to the letter (anna@acme.com, ben), and asked as anna@acme.com",
      "its access ends at 2099-01-02T00:00:00Z",
      "AWS_PROFILE chooses another sign-in",
    ]);
  });

  test("conditions that a group does not have are not spoken of", async () => {
    expect((await said("audit", cli(refused()).aws)).split("; ").slice(1)).toEqual([
      "it trusts arn:aws:iam::123456789012:role/Audit",
      "AWS_PROFILE chooses another sign-in",
    ]);
    expect(await said("deployments", cli(refused()).aws)).toContain(
      "; the external id was that of the environment file; ",
    );
  });

  test("what a hostile answer holds does not reach the terminal", async () => {
    const sentence = await said("audit", cli(refused("(AccessDenied) \u001b[2J")).aws, {
      caller: "\u001b]0;x",
    });
    expect(sentence).not.toContain("\u001b");
  });

  test("what is no refusal is said as it is", async () => {
    const { aws } = cli(Object.assign(new UserError(["AWS cannot be reached"]), { cause: "timed out" }));
    expect(await said("audit", aws)).toBe("AWS cannot be reached");
  });
});

describe("credentials", () => {
  test("are taken once, also by two at once, and anew five minutes before their end", async () => {
    const { aws, calls } = cli(session(4, "SHORT"), session(60, "LONG"));
    const credentials = await take("audit", aws);
    const [left, right] = await Promise.all([credentials(), credentials()]);
    expect([left.accessKeyId, right.accessKeyId, (await credentials()).accessKeyId]).toEqual([
      "LONG",
      "LONG",
      "LONG",
    ]);
    expect(calls).toHaveLength(2);
  });

  test("that could not be renewed are asked for again", async () => {
    const { aws } = cli(session(4), refused(), session(60, "LATER"));
    const credentials = await take("audit", aws);
    await expect(credentials()).rejects.toThrow("AWS does not let");
    expect((await credentials()).accessKeyId).toBe("LATER");
  });

  test("of whoever is the identity already are those of the caller, and nobody is asked", async () => {
    const { aws, calls } = cli();
    const caller = "arn:aws:sts::123456789012:assumed-role/test-db-orders-api/pod";
    expect(await said("orders-api", aws, { caller })).toBe("taken");
    expect(await said("orders-api", aws, { caller: caller.replace("-api/", "-api2/") })).toContain(
      "trusts no person",
    );
    expect(calls).toEqual([]);
  });
});
