import type { Socket } from "node:net";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Refusal } from "../../../tools/protocol/refusal";
import { parseStartupPacket } from "../../../tools/protocol/startup-packet";
import { randomCases } from "../../helpers/extent";
import { type Fixture, useFixture } from "../laptop/gateway/fixture";
import { answer, message, PROTOCOL_3, packet, rest, startup, tcp, tls, until } from "./wire";

const fixture = useFixture();

test("the bytes of any packet are read, or refused for a reason", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 4, maxLength: 300 }), fc.boolean(), (bytes, version3) => {
      const packet = version3 ? Buffer.concat([Buffer.from([0, 3, 0, 0]), bytes]) : Buffer.from(bytes);
      try {
        parseStartupPacket(packet);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    }),
    randomCases(2000),
  );
});

test("the parameters of a packet are read as they are", () => {
  const text = fc.string({ unit: "grapheme" }).map((value) => value.replaceAll("\0", ""));
  fc.assert(
    fc.property(text, text, fc.dictionary(text, text), (user, database, others) => {
      const { user: _, database: __, "": ___, ...rest } = others;
      const parameters = Object.entries({ ...rest, user: `u${user}`, database }).flat();
      const read = parseStartupPacket(startup(...parameters).subarray(4));
      expect(read).toEqual({
        kind: "session",
        user: `u${user}`,
        database: database || `u${user}`,
        parameters: new Map(Object.entries(rest)),
      });
    }),
  );
});

describe.each([
  ["in plain text", tcp],
  ["over TLS", tls],
])("a startup packet %s", (_, open: (fixture: Fixture) => Promise<Socket>) => {
  const lengths = [
    ...Array(21).keys(),
    -1,
    -8,
    -(2 ** 31),
    2 ** 31 - 1,
    9999,
    10_003,
    10_004,
    10_005,
    65_536,
  ];

  test.each(lengths)("of length %d is refused, or cut off", async (length) => {
    const body = Buffer.alloc(Math.max(0, Math.min(length, 65_536) - 4));
    const header = Buffer.alloc(4);
    header.writeInt32BE(length);
    const valid = length >= 8 && length <= 10_004;
    expect(await answer(await open(fixture), header, body)).toBe(
      valid ? "FATAL 0A000: unsupported frontend protocol 0.0: server supports 3.0 to 3.0" : "",
    );
    expect(fixture.log).toHaveLength(1);
  });

  test.each<[string, Buffer, string]>([
    ["without a user", startup("database", "postgres"), "28000: no PostgreSQL user name specified"],
    [
      "with an empty user",
      startup("user", "", "database", "postgres"),
      "28000: no PostgreSQL user name specified",
    ],
    ["with nothing", packet(PROTOCOL_3, "\0"), "28000: no PostgreSQL user name specified"],
    ["with a zero byte in the user", startup("user", "orders\0api"), "08P01: invalid startup packet layout"],
    [
      "with two users",
      startup("user", "nobody", "user", "orders_api"),
      "08P01: invalid startup packet layout",
    ],
    [
      "with more after its end",
      packet(PROTOCOL_3, "user\0x\0\0more"),
      "08P01: invalid startup packet layout",
    ],
    ["without an end", packet(PROTOCOL_3, "user\0orders_api"), "08P01: invalid startup packet layout"],
    [
      "with a broken name",
      packet(PROTOCOL_3, Buffer.from("user\0\xff\0\0", "latin1")),
      "invalid startup packet layout",
    ],
    ["of protocol 2", packet(2 << 16, "user\0x\0\0"), "0A000: unsupported frontend protocol 2.0"],
    ["of protocol 4", packet(4 << 16, "user\0x\0\0"), "0A000: unsupported frontend protocol 4.0"],
  ])("%s is refused as PostgreSQL does", async (__, bytes, expected) => {
    expect(await answer(await open(fixture), bytes)).toContain(
      `FATAL ${expected}`.replace("FATAL inv", "inv"),
    );
  });

  test("of random bytes is refused, or cut off", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.boolean(), async (bytes, framed) => {
        const socket = await open(fixture);
        socket.end(framed ? packet(PROTOCOL_3, Buffer.from(bytes)) : Buffer.from(bytes));
        expect((await rest(socket)).toString("latin1")).toMatch(/^(|N|S|[NS]?E.*FATAL.*)$/s);
      }),
      randomCases(60),
    );
  });
});

test("a newer minor version of the protocol is negotiated by the server", async () => {
  const client = await tls(fixture);
  client.write(packet(PROTOCOL_3 + 9999, "user\0orders_api\0database\0postgres\0\0"));
  await until(client, "R");
  const { password } = fixture.config();
  client.write(message("p", `${typeof password === "function" ? await password() : ""}\0`));
  expect(
    (await until(client, "Z"))
      .map(({ type }) => type)
      .slice(0, 2)
      .sort(),
  ).toEqual(["R", "v"]);
  client.destroy();
});
