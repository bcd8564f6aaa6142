import { request } from "node:http";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { useAws } from "./support";
import { arnOf, connects, WORKLOAD_ROLES } from "./workload-roles";

const aws = useAws({ roles: WORKLOAD_ROLES });
const ROLES = "/latest/meta-data/iam/security-credentials/";
const TTL = "x-aws-ec2-metadata-token-ttl-seconds";
const TOKEN = "x-aws-ec2-metadata-token";

let url = "";
beforeAll(async () => {
  url = await aws.workloads.launch(arnOf("instance"));
});

/** Asks as given, Host included, which fetch would not let one choose. */
function ask(
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = "GET",
  base = url,
): Promise<{ readonly status: number | undefined; readonly text: string }> {
  return new Promise((resolve, reject) => {
    request(`${base}${path}`, { method, headers, agent: false }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode, text }));
    })
      .on("error", reject)
      .end();
  });
}

const put = (headers: Readonly<Record<string, string>>, base = url) =>
  ask("/latest/api/token", headers, "PUT", base);
const token = async (seconds = "60", base = url) => (await put({ [TTL]: seconds }, base)).text;

test("an instance reads the name of its role and credentials, by a token that a PUT gave it", async () => {
  const headers = { [TOKEN]: await token() };
  expect(await ask(ROLES, headers)).toEqual({ status: 200, text: "instance" });
  expect(await ask("/latest/meta-data/placement/region", headers)).toMatchObject({ text: "eu-west-1" });
  const { status, text } = await ask(`${ROLES}instance`, headers);
  const credentials = JSON.parse(text);
  expect({ status, ...credentials }).toMatchObject({
    status: 200,
    Code: "Success",
    Type: "AWS-HMAC",
    LastUpdated: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    Expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
  });
  expect(aws.iam.session(credentials.AccessKeyId)).toMatchObject({
    secretAccessKey: credentials.SecretAccessKey,
    sessionToken: credentials.Token,
    roleArn: arnOf("instance"),
  });
  expect(connects(aws, credentials.AccessKeyId, "instance")).toBe(true);
  expect(connects(aws, credentials.AccessKeyId, "task")).toBe(false);
});

test("an instance has one role: the names of others lead nowhere", async () => {
  const headers = { [TOKEN]: await token() };
  for (const name of ["task", "Instance", "instance/", "instance%00", "..%2finstance", "*", "toString"]) {
    expect(await ask(`${ROLES}${name}`, headers)).toMatchObject({ status: 404 });
  }
});

test("version 1, without a token, is refused, and so is a token that nobody gave", async () => {
  const valid = await token();
  const [end = "", mark = ""] = valid.split(".");
  const later = (Number.parseInt(end, 36) + 1000).toString(36);
  const wrong: Readonly<Record<string, string>>[] = [
    {},
    { [TOKEN]: "" },
    { [TOKEN]: "." },
    { [TOKEN]: end },
    { [TOKEN]: `${end}.` },
    { [TOKEN]: `.${mark}` },
    { [TOKEN]: `${later}.${mark}` },
    { [TOKEN]: `${end}.${mark.slice(1)}` },
    { [TOKEN]: `${valid}.${mark}` },
    { [TOKEN]: "zzzzzzzz." },
  ];
  for (const headers of wrong) {
    expect(await ask(ROLES, headers)).toMatchObject({ status: 401 });
    expect(await ask(`${ROLES}instance`, headers)).toMatchObject({ status: 401 });
    expect(await ask("/latest/meta-data/placement/region", headers)).toMatchObject({ status: 401 });
  }
  expect(await ask(ROLES, { [TOKEN]: valid })).toMatchObject({ status: 200 });
});

test("a token ends when it must, and is good for its own instance only", async () => {
  const other = await aws.workloads.launch(arnOf("instance"));
  const headers = { [TOKEN]: await token("60") };
  expect(await ask(ROLES, headers, "GET", other)).toMatchObject({ status: 401 });
  expect(await ask(ROLES, { [TOKEN]: await token("60", other) }, "GET", other)).toMatchObject({
    status: 200,
  });
  aws.advance(61);
  try {
    expect(await ask(ROLES, headers)).toMatchObject({ status: 401 });
  } finally {
    aws.advance(-61);
  }
  expect(await ask(ROLES, headers)).toMatchObject({ status: 200 });
});

test("a token lasts as long as is asked for, up to six hours, and is asked for by PUT", async () => {
  for (const seconds of ["1", "21600"]) expect(await put({ [TTL]: seconds })).toMatchObject({ status: 200 });
  for (const seconds of ["", "0", "-1", "21601", "1e3", "60.5", "0x10", " ", "99999999999", "60s"]) {
    expect(await put({ [TTL]: seconds })).toMatchObject({ status: 400 });
  }
  expect(await put({})).toMatchObject({ status: 400 });
  for (const method of ["GET", "HEAD", "POST", "PATCH", "OPTIONS"]) {
    const { status = 0, text } = await ask("/latest/api/token", { [TTL]: "60" }, method);
    expect([404, 405]).toContain(status);
    expect(text).not.toMatch(/^\w+\.[\w-]{40,}$/);
  }
});

describe("who could be talked into asking is refused, with a token or without", () => {
  test("what passes requests on", async () => {
    const valid = await token();
    for (const header of ["x-forwarded-for", "via", "forwarded"]) {
      const headers = { [header]: "1.2.3.4" };
      expect(await put({ ...headers, [TTL]: "60" })).toMatchObject({ status: 403 });
      expect(await ask(`${ROLES}instance`, { ...headers, [TOKEN]: valid })).toMatchObject({ status: 403 });
    }
  });

  test("a page whose name was made to mean this machine, and any page", async () => {
    const { port } = new URL(url);
    for (const host of [
      "evil.example",
      `evil.example:${port}`,
      "127.0.0.1.evil.example",
      "169.254.169.254",
    ]) {
      expect(await put({ host, [TTL]: "60" })).toMatchObject({ status: 403 });
    }
    expect(await put({ origin: "http://evil.example", [TTL]: "60" })).toMatchObject({ status: 403 });
    expect(await put({ host: `LOCALHOST:${port}`, [TTL]: "60" })).toMatchObject({ status: 200 });
  });
});

test("no instance starts with a role that no instance profile has", async () => {
  await expect(aws.workloads.launch(arnOf("task"))).rejects.toThrow("no instance profile has the role");
  await expect(aws.workloads.launch(arnOf("none"))).rejects.toThrow("no instance profile has the role");
});

test("where the role does not trust EC2 the answer says so, as SDKs read it, and the log says it, too", async () => {
  const base = await aws.workloads.launch(arnOf("other"));
  const { status, text } = await ask(`${ROLES}other`, { [TOKEN]: await token("60", base) }, "GET", base);
  expect({ status, ...JSON.parse(text) }).toMatchObject({
    status: 200,
    Code: "AssumeRoleUnauthorizedAccess",
    Message: expect.stringContaining("ec2.amazonaws.com is not authorized"),
  });
  expect(JSON.parse(text)).not.toHaveProperty("AccessKeyId");
  expect(aws.lines).toEqual([
    `instance metadata: AccessDenied: ${arnOf("other")} does not trust ec2.amazonaws.com`,
  ]);
});
