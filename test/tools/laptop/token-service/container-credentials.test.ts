import { fromHttp } from "@aws-sdk/credential-providers";
import { expect, test } from "@jest/globals";
import { useAws } from "./support";
import { arnOf, connects, WORKLOAD_ROLES } from "./workload-roles";

const aws = useAws({ roles: WORKLOAD_ROLES });
const DENIED = { Code: "AccessDenied", Message: "Access denied." };

/** What a client is answered. */
async function ask(url: string, authorization?: string, init: RequestInit = {}) {
  const headers = { ...(authorization !== undefined && { authorization }), ...init.headers };
  const response = await fetch(url, { ...init, headers });
  const text = await response.text();
  return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : text };
}

test("a task reads new credentials of its role each time, which allow what the role may", async () => {
  const { url, authorization } = aws.workloads.run(arnOf("task"));
  const provider = fromHttp({
    awsContainerCredentialsFullUri: url,
    awsContainerAuthorizationToken: authorization,
  });
  const [first, second] = await Promise.all([provider(), provider()]);
  expect(first.accessKeyId).not.toBe(second.accessKeyId);
  for (const { accessKeyId, secretAccessKey, sessionToken, expiration } of [first, second]) {
    expect(aws.iam.session(accessKeyId)).toMatchObject({
      secretAccessKey,
      sessionToken,
      expiration,
      roleArn: arnOf("task"),
    });
    expect(connects(aws, accessKeyId, "task")).toBe(true);
    expect(connects(aws, accessKeyId, "instance")).toBe(false);
  }
});

test("nobody reads a task's credentials without its token, or with another's, or at a path that they guess", async () => {
  const [one, other] = [aws.workloads.run(arnOf("task")), aws.workloads.run(arnOf("task"))];
  for (const [url, authorization] of [
    [one.url],
    [one.url, ""],
    [one.url, other.authorization],
    [one.url, `${one.authorization}x`],
    [one.url, one.authorization.slice(1)],
    [one.url, `Bearer ${one.authorization}`],
    [one.url.replace(/[^/]+$/, "00000000-0000-4000-8000-000000000000"), one.authorization],
    [one.url.replace(/[^/]+$/, "__proto__"), one.authorization],
  ] as const) {
    expect(await ask(url, authorization)).toEqual({ status: 403, body: DENIED });
  }
  expect(await ask(one.url, one.authorization)).toMatchObject({ status: 200 });
});

test("a task of a role that does not trust ECS gets none, and the log says why", async () => {
  const { url, authorization } = aws.workloads.run(arnOf("function"));
  expect(await ask(url, authorization)).toMatchObject({
    status: 403,
    body: {
      Code: "AccessDenied",
      Message: `ecs-tasks.amazonaws.com is not authorized to perform: sts:AssumeRole on resource: ${arnOf("function")}`,
    },
  });
  expect(aws.lines).toEqual([
    `container credentials: AccessDenied: ${arnOf("function")} does not trust ecs-tasks.amazonaws.com`,
  ]);
});

test("the SDK asks again before the credentials end, and a task whose role is gone is refused", async () => {
  const { url, authorization } = aws.workloads.run(arnOf("task"));
  const body = async () => (await ask(url, authorization)).body;
  const { Expiration } = await body();
  aws.advance(3 * 3600);
  try {
    const later = await body();
    expect(Date.parse(later.Expiration) - Date.parse(Expiration)).toBeGreaterThanOrEqual(3 * 3600 * 1000);
  } finally {
    aws.advance(-3 * 3600);
  }
  aws.setRoles([]);
  try {
    expect(await ask(url, authorization)).toMatchObject({ status: 403, body: { Code: "AccessDenied" } });
  } finally {
    aws.setRoles(aws.roles);
  }
});

test("only programs of this machine that ask for themselves are answered, by GET", async () => {
  const { url, authorization } = aws.workloads.run(arnOf("task"));
  for (const header of ["x-forwarded-for", "forwarded", "via", "x-real-ip", "x-forwarded-host", "origin"]) {
    const headers = { [header]: "127.0.0.1" };
    expect(await ask(url, authorization, { headers })).toEqual({ status: 403, body: DENIED });
  }
  for (const method of ["POST", "HEAD", "DELETE", "PATCH", "OPTIONS"]) {
    expect(await ask(url, authorization, { method })).toMatchObject({ status: 405 });
  }
  expect(await ask(url, authorization, { method: "PUT" })).toMatchObject({ status: 404 });
  expect(await ask(url.replace("/v2/", "/v1/"), authorization)).toMatchObject({ status: 404 });
  const method = { "x-http-method-override": "GET", "x-method-override": "GET" };
  expect(await ask(url, authorization, { method: "POST", headers: method })).toMatchObject({ status: 405 });
});
