import { connect } from "node:net";
import { beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { randomCases } from "../../../helpers/extent";
import { TIMEOUT, useAws } from "./support";
import { arnOf, WORKLOAD_ROLES } from "./workload-roles";

const aws = useAws({
  roles: WORKLOAD_ROLES,
  associations: [{ namespace: "shop", serviceAccount: "pod", cluster: "dev", roleArn: arnOf("pod") }],
});

/** Each endpoint, by an address that gives credentials to whoever shows the right thing. */
const endpoints: Record<string, { readonly url: string; alive(): Promise<unknown> }> = {};
beforeAll(async () => {
  const task = aws.workloads.run(arnOf("task"));
  const instance = await aws.workloads.launch(arnOf("instance"));
  const status = async (url: string, headers: Readonly<Record<string, string>>, method = "GET") =>
    (await fetch(url, { headers, method })).status;
  endpoints.task = { url: task.url, alive: () => status(task.url, { authorization: task.authorization }) };
  endpoints.instance = {
    url: `${instance}/latest/meta-data/iam/security-credentials/instance`,
    alive: () =>
      status(`${instance}/latest/api/token`, { "x-aws-ec2-metadata-token-ttl-seconds": "60" }, "PUT"),
  };
  endpoints.pod = {
    url: aws.podIdentityUrl,
    alive: async () =>
      status(aws.podIdentityUrl, {
        authorization: await aws.issuer.serviceAccountToken("shop", "pod", {
          audience: "pods.eks.amazonaws.com",
        }),
      }),
  };
});

/** What a server answers to bytes until it closes, or until nothing more comes. */
function answerTo(port: number, bytes: string | Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.end(bytes));
    socket.setTimeout(2_000, () => socket.destroy());
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("error", () => undefined).on("close", () => resolve(answer));
  });
}

const SECRET = /SecretAccessKey|"Token"|ASIA/;

describe.each(["task", "instance", "pod"])("the endpoint of a %s gives nothing and lives", (name) => {
  const port = () => Number(new URL(endpoints[name]?.url ?? "").port);
  const path = () => new URL(endpoints[name]?.url ?? "").pathname;
  const alive = async () => expect(await endpoints[name]?.alive()).toBe(200);

  test(
    "whatever headers show",
    async () => {
      const header = fc.oneof(
        fc.string({ maxLength: 200 }),
        fc.string({ unit: "binary", maxLength: 50 }).map((text) => Buffer.from(text).toString("base64url")),
        fc.constantFrom("eyJhbGciOiJub25lIn0.e30.", "null", "undefined", "[object Object]", "a.b.c"),
      );
      const names = ["authorization", "x-aws-ec2-metadata-token", "x-amz-security-token", "cookie"];
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...names), header, async (header_, value) => {
          const line = value.replace(/[^\t\x20-\x7e]/g, "");
          const answer = await answerTo(
            port(),
            `GET ${path()} HTTP/1.1\r\nHost: 127.0.0.1\r\n${header_}: ${line}\r\nConnection: close\r\n\r\n`,
          );
          expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
          expect(answer).not.toMatch(SECRET);
        }),
        randomCases(100),
      );
      await alive();
    },
    TIMEOUT,
  );

  test(
    "whatever bytes come, in the middle of which clients may leave",
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), async (bytes) => {
          expect(await answerTo(port(), bytes)).not.toMatch(SECRET);
        }),
        randomCases(50),
      );
      for (const bytes of [
        `GET ${path()} HTTP/1.0\r\n\r\n`,
        `GET http://evil.example${path()} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
        `GET ${path()} HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
        `GET ${path()} HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n`,
        `GET ${path()}/../.. HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`,
        `GET //${path()} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`,
        `POST ${path()} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\nab`,
        `GET ${path()} HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${"x".repeat(20_000)}\r\nConnection: close\r\n\r\n`,
      ]) {
        expect(await answerTo(port(), bytes)).not.toMatch(SECRET);
        await alive();
      }
    },
    TIMEOUT,
  );
});

test("many at once, right and wrong, each get what is theirs", async () => {
  const tasks = Array.from({ length: 20 }, () => aws.workloads.run(arnOf("task")));
  const asked = tasks.flatMap(({ url }, at) =>
    [tasks[at], tasks[(at + 1) % tasks.length]].map(async (shown) => {
      const response = await fetch(url, { headers: { authorization: shown?.authorization ?? "" } });
      return { right: shown === tasks[at], status: response.status, body: await response.text() };
    }),
  );
  const keys = new Set<string>();
  for (const { right, status, body } of await Promise.all(asked)) {
    expect(status).toBe(right ? 200 : 403);
    if (right) keys.add(JSON.parse(body).AccessKeyId);
  }
  expect(keys.size).toBe(tasks.length);
});
