import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { randomCases } from "../../helpers/extent";
import { useFixture } from "../laptop/gateway/fixture";
import { answer, errorOf, message, next, ORDERS, rest, tls } from "./wire";

const fixture = useFixture();

describe("a client that is asked for its token", () => {
  const open = async () => {
    const client = await tls(fixture);
    client.write(ORDERS);
    expect((await next(client)).bytes).toEqual(message("R", Buffer.from([0, 0, 0, 3])));
    return client;
  };

  test.each<[string, Buffer, string]>([
    [
      "a token of nine thousand bytes",
      message("p", `${"x".repeat(9000)}\0`),
      "08P01: invalid message length: 9005",
    ],
    ["a length of two gigabytes", message("p", "", 2 ** 31 - 1), "08P01: invalid message length: 2147483647"],
    ["a negative length", message("p", "", -1), "08P01: invalid message length: -1"],
    ["a length less than itself", message("p", "", 3), "08P01: invalid message length: 3"],
    ["nothing", message("p", ""), "08P01: invalid password packet size"],
    ["no zero byte at the end", message("p", "x"), "08P01: invalid password packet size"],
    ["a zero byte in between", message("p", "a\0b\0"), "08P01: invalid password packet size"],
    [
      "a query",
      message("Q", "DROP ROLE orders_api\0"),
      "08P01: expected password response, got message type 81",
    ],
    ["an empty password", message("p", "\0"), '28000: PAM authentication failed for user "orders_api"'],
    ["a password", message("p", "hunter2\0"), '28000: PAM authentication failed for user "orders_api"'],
    ["bytes of no text", message("p", Buffer.from([255, 254, 0])), "28000: PAM authentication failed"],
  ])("and sends %s is refused", async (_, bytes, expected) => {
    expect(await answer(await open(), bytes)).toContain(`FATAL ${expected}`);
    expect(fixture.log).toHaveLength(1);
    expect(fixture.log[0]).not.toContain("hunter2");
  });

  test("and sends megabytes hears why, and is not listened to", async () => {
    const client = await open();
    const flood = Buffer.alloc(8 << 20, "x");
    expect(await answer(client, message("p", flood))).toContain("FATAL 08P01: invalid message length");
  });

  test("and answers with random bytes is refused", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 5, maxLength: 300 }), async (bytes) => {
        const client = await open();
        client.end(message("p", Buffer.from(bytes)));
        expect(errorOf(await rest(client))).toMatch(/^FATAL (28000|08P01)/);
      }),
      randomCases(40),
    );
  });

  test("and sends a query along with a bad token has it not run", async () => {
    const query = message("Q", "CREATE TABLE smuggled (id int)\0");
    expect(await answer(await open(), message("p", "x\0"), query)).toContain("PAM authentication failed");
    const admin = await fixture.server.connect();
    expect((await admin.query("SELECT to_regclass('smuggled') AS found")).rows).toEqual([{ found: null }]);
  });
});
