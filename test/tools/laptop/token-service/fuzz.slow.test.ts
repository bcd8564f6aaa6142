import { connect } from "node:net";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { randomCases } from "../../../helpers/extent";
import { assumeWithToken, ordersApi, post, roleArn, send, TIMEOUT, useAws } from "./support";

const aws = useAws();

describe("the service lives, whatever is sent", () => {
  const alive = async () =>
    expect(await assumeWithToken(aws, await ordersApi(aws))).toMatchObject({ status: 200 });
  const refused = ({ status }: { status: number }) => status >= 400 && status < 500;

  test(
    "bodies of any bytes",
    async () => {
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (body) =>
          refused(await send(aws.url, { method: "POST", headers, body })),
        ),
        randomCases(200),
      );
      await alive();
    },
    TIMEOUT,
  );

  test(
    "forms that look right, with anything in them",
    async () => {
      const name = fc.constantFrom(
        "RoleArn",
        "RoleSessionName",
        "WebIdentityToken",
        "DurationSeconds",
        "Policy",
        "x",
      );
      const value = fc.oneof(
        fc.string({ unit: "binary", maxLength: 300 }),
        fc.constantFrom(roleArn("orders-api"), "900", "test", "eyJhbGciOiJub25lIn0.e30."),
      );
      const action = fc.constantFrom("AssumeRoleWithWebIdentity", "AssumeRole", "GetCallerIdentity");
      await fc.assert(
        fc.asyncProperty(action, fc.dictionary(name, value), async (Action, parameters) =>
          refused(await post(aws.url, { Action, ...parameters })),
        ),
        randomCases(300),
      );
      await alive();
    },
    TIMEOUT,
  );

  test(
    "Authorization headers of any text",
    async () => {
      const header = fc.oneof(
        fc.string({ maxLength: 300 }),
        fc
          .tuple(fc.string(), fc.string(), fc.string())
          .map(
            ([a, b, c]) =>
              `AWS4-HMAC-SHA256 Credential=${a}/20261122/x/sts/aws4_request, SignedHeaders=${b}, Signature=${c}`,
          ),
      );
      await fc.assert(
        fc.asyncProperty(header, async (authorization) => {
          const body = "Action=GetCallerIdentity&Version=2011-06-15";
          const headers = { "content-type": "application/x-www-form-urlencoded", authorization };
          return refused(await send(aws.url, { method: "POST", headers, body }));
        }),
        randomCases(200),
      );
      await alive();
    },
    TIMEOUT,
  );

  test("bytes that are no HTTP, and clients that leave in the middle", async () => {
    const { port } = new URL(aws.url);
    for (const bytes of [
      "",
      "\u0016\u0003\u0001\u0002\u0000\u0001",
      "GET / HTTP/1.1\r\n",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nAct",
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nAct",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
      "GET http://[::1 HTTP/1.1\r\nHost: [\r\n\r\n",
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(20_000)}\r\n\r\n`,
    ]) {
      await new Promise<void>((resolve) => {
        const socket = connect(Number(port), "127.0.0.1", () => socket.end(bytes, () => socket.destroy()));
        socket.on("error", () => undefined).on("close", () => resolve());
      });
      await alive();
    }
  });
});
