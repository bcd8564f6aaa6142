import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { xml } from "../../../../tools/laptop/token-service/xml";
import { assumeWithToken, ordersApi, post, roleArn, send, useAws } from "./support";

const INVALID = { status: 400, code: "ValidationError" };

const aws = useAws();

describe("a request that is none is refused in the form of AWS", () => {
  test("without an action, with an unknown one, or of another version", async () => {
    expect(await send(aws.url)).toMatchObject({ status: 400, code: "MissingAction" });
    for (const Action of ["", "assumerole", "GetSessionToken", "constructor", "__proto__"]) {
      expect(await post(aws.url, { Action })).toMatchObject({ status: 400, code: "InvalidAction" });
    }
    const old = { Action: "GetCallerIdentity", Version: "2010-01-01" };
    expect(await post(aws.url, old)).toMatchObject({ status: 400, code: "InvalidAction" });
    expect((await send(`${aws.url}/?Action=GetCallerIdentity`)).body).toContain(
      "for version NO_VERSION_SPECIFIED",
    );
  });

  test("at another path or by another method", async () => {
    for (const path of ["/x", "//", "/%00", "/latest/meta-data", "/?Action=X/../y#z"]) {
      const { status } = await send(`${aws.url}${path}`);
      expect({ path, refused: status >= 400 && status < 500 }).toEqual({ path, refused: true });
    }
    expect(await send(`${aws.url}/x`, { method: "POST", body: "x" })).toMatchObject({ status: 404 });
    for (const method of ["PUT", "DELETE", "PATCH", "OPTIONS"]) {
      expect(await send(aws.url, { method })).toMatchObject({ status: 405, code: "MethodNotAllowed" });
    }
  });

  test("with a body of another type, too large a one, or a parameter twice", async () => {
    const body = "Action=GetCallerIdentity&Version=2011-06-15";
    const json = { method: "POST", body, headers: { "content-type": "application/json" } };
    expect(await send(aws.url, json)).toMatchObject({ status: 400, code: "MalformedInput" });
    const form = (text: string) => ({
      method: "POST",
      body: text,
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    expect(await send(aws.url, form(`${body}&Action=AssumeRole`))).toMatchObject({ code: "MalformedInput" });
    const tooLarge = { status: 413, code: "RequestEntityTooLarge" };
    expect(await send(aws.url, form(`${body}&x=${"x".repeat(65_536)}`))).toMatchObject(tooLarge);
    // Without a length, as it comes.
    const pieces = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (let piece = 0; piece < 70; piece++) controller.enqueue(new Uint8Array(1024).fill(120));
        controller.close();
      },
    });
    const streamed = { ...form(""), body: pieces, duplex: "half" } satisfies RequestInit;
    expect(await send(aws.url, streamed)).toMatchObject(tooLarge);
  });

  test("with parameters that AWS does not take", async () => {
    const token = await ordersApi(aws);
    for (const [name, value] of [
      ["DurationSeconds", "899"],
      ["DurationSeconds", "3601"],
      ["DurationSeconds", "43201"],
      ["DurationSeconds", "-900"],
      ["DurationSeconds", "9e2"],
      ["DurationSeconds", ""],
      ["DurationSeconds", "9".repeat(400)],
      ["RoleSessionName", "x"],
      ["RoleSessionName", "x".repeat(65)],
      ["RoleSessionName", "a/b"],
      ["RoleSessionName", "ab\n"],
      ["RoleArn", "x".repeat(19)],
      ["RoleArn", "arn:aws:iam::123456789012:user/orders-api"],
      ["RoleArn", "arn:aws:iam::*:role/dev-db-orders-api"],
      ["RoleArn", `${roleArn("orders-api")}\n`],
      ["RoleArn", "x".repeat(2049)],
      ["WebIdentityToken", "x"],
    ] as const) {
      expect({ name, value, ...(await assumeWithToken(aws, token, { [name]: value })) }).toMatchObject(
        INVALID,
      );
    }
    expect(await assumeWithToken(aws, token, { DurationSeconds: "3600" })).toMatchObject({ status: 200 });
  });
});

test("an answer to a GET is the same as to a POST", async () => {
  const query = new URLSearchParams({
    Action: "AssumeRoleWithWebIdentity",
    Version: "2011-06-15",
    RoleArn: roleArn("orders-api"),
    RoleSessionName: "test",
    WebIdentityToken: await ordersApi(aws),
  });
  expect(await send(`${aws.url}/?${query}`)).toMatchObject({ status: 200 });
});

describe("what an attacker writes", () => {
  const HOSTILE = `x</Message><Code>ok</Code><!--&amp;]]>"'`;

  test("stays text in the errors it comes back in", async () => {
    // An ARN comes back when it is too long.
    const written: [string, string][] = [
      ["RoleSessionName", HOSTILE],
      ["RoleArn", HOSTILE.repeat(60)],
      ["Action", HOSTILE],
    ];
    for (const [name, text] of written) {
      const parameters = { [name]: text };
      const { status, body } = await assumeWithToken(aws, await ordersApi(aws), parameters);
      expect(status).toBe(400);
      expect(body).toContain(
        "x&lt;/Message&gt;&lt;Code&gt;ok&lt;/Code&gt;&lt;!--&amp;amp;]]&gt;&quot;&apos;",
      );
      expect(body.match(/<Code>/g)).toHaveLength(1);
    }
    const foreign = await aws.issuer.sign({ iss: HOSTILE });
    expect((await assumeWithToken(aws, foreign)).body).toContain("for x&lt;/Message&gt;");
  });

  test("is one line of the log, of bounded length, without control characters", async () => {
    aws.lines.length = 0;
    await assumeWithToken(
      aws,
      await aws.issuer.sign({ iss: "x\ntoken service: all is well\u001b[2J\u202e" }),
    );
    await assumeWithToken(aws, await ordersApi(aws), { RoleArn: roleArn("y".repeat(1900)) });
    expect(aws.lines).toHaveLength(2);
    for (const line of aws.lines) {
      expect(line).toMatch(/^token service: \w+: [^\p{C}]+$/u);
      expect(line.length).toBeLessThan(600);
    }
  });

  test("does not get into the log when it may be a token in the wrong place", async () => {
    const token = await ordersApi(aws);
    aws.lines.length = 0;
    await assumeWithToken(aws, token, { RoleArn: token });
    await assumeWithToken(aws, token, { RoleSessionName: token });
    await assumeWithToken(aws, token, { Action: token });
    await assumeWithToken(aws, token, { [token]: "" });
    expect(aws.lines).toEqual([
      "token service: ValidationError: Request ARN is invalid",
      "token service: ValidationError: parameters not as they must be: RoleSessionName",
      "token service: InvalidAction: an action or a version that STS does not have",
      "token service: ValidationError: parameters not as they must be: unknown ones",
    ]);
  });

  test("is escaped whatever it is, and what XML cannot hold is replaced", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (text, other) => {
        const written = xml("Code", { A: text, B: other });
        expect(written).toMatch(
          /^<Code><A>([^<>&"'\r]|&(amp|lt|gt|quot|apos|#13);)*<\/A><B>([^<>&"'\r]|&(amp|lt|gt|quot|apos|#13);)*<\/B><\/Code>$/u,
        );
        expect(written).toMatch(/^[\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u);
      }),
    );
    expect(xml("A", "\u0000\ud800\ufffe")).toBe("<A>\ufffd\ufffd\ufffd</A>");
  });
});
