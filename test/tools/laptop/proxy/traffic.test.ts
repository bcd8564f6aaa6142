import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Messages } from "../../../../tools/laptop/proxy/messages";
import { Traffic } from "../../../../tools/laptop/proxy/traffic";
import { randomCases } from "../../../helpers/extent";
import { message } from "../../protocol/wire";

const QUERY = message("Q", "SELECT 1\0");
const SYNC = message("S", "");
const READY = message("Z", "I");
const IN_TRANSACTION = message("Z", "T");
const TERMINATE = message("X", "");

/** What one side says. */
type Said = readonly ["client" | "server", ...Buffer[]];

/** What became of a session after this was said. */
function after(...said: readonly Said[]) {
  const traffic = new Traffic(new Map());
  const passed = said.map(([by, ...bytes]) => {
    const read = by === "client" ? traffic.fromClient : traffic.fromServer;
    return read.call(traffic, Buffer.concat(bytes));
  });
  return { traffic, passed };
}

const atRest = (...said: readonly Said[]) => after(...said).traffic.atRest;

describe("a session is at rest", () => {
  test.each<[string, readonly Said[]]>([
    ["before anything is asked", []],
    [
      "when all is answered",
      [
        ["client", QUERY, SYNC],
        ["server", READY, READY],
      ],
    ],
    [
      "when the transaction has ended",
      [
        ["client", QUERY, QUERY],
        ["server", IN_TRANSACTION, READY],
      ],
    ],
    [
      "when its client says goodbye",
      [
        ["client", QUERY],
        ["server", READY],
        ["client", TERMINATE],
      ],
    ],
  ])("%s", (_, said) => {
    expect(atRest(...said)).toBe(true);
  });
});

describe("a session is not at rest", () => {
  test.each<[string, readonly Said[]]>([
    ["while an answer is to come", [["client", QUERY]]],
    [
      "while one of two is to come",
      [
        ["client", QUERY, QUERY],
        ["server", READY],
      ],
    ],
    [
      "in a transaction",
      [
        ["client", QUERY],
        ["server", IN_TRANSACTION],
      ],
    ],
    [
      "in one that failed",
      [
        ["client", QUERY],
        ["server", message("Z", "E")],
      ],
    ],
    ["in the middle of a client's message", [["client", QUERY.subarray(0, 7)]]],
    ["in the middle of its header", [["client", QUERY.subarray(0, 1)]]],
    [
      "in the middle of a server's message",
      [
        ["client", QUERY],
        ["server", READY, READY.subarray(0, 3)],
      ],
    ],
    [
      "after a message that nothing answers",
      [
        ["client", QUERY, message("P", "x\0\0\0\0")],
        ["server", READY],
      ],
    ],
    ["after a message of no length", [["client", Buffer.from([81, 0, 0, 0, 3])]]],
  ])("%s", (_, said) => {
    expect(atRest(...said)).toBe(false);
  });
});

test("a goodbye, and whatever follows it, is not for the server", () => {
  const { traffic, passed } = after(["client", QUERY, TERMINATE, QUERY], ["client", QUERY]);
  expect(passed).toEqual([QUERY, Buffer.alloc(0)]);
  expect(traffic.terminated).toBe(true);
});

test("what the server reports is known, also when it changes", () => {
  const reported = new Map([["TimeZone", "UTC"]]);
  const traffic = new Traffic(reported);
  traffic.fromServer(
    Buffer.concat([message("S", "TimeZone\0Asia/Tokyo\0"), message("S", "is_superuser\0off\0")]),
  );
  expect([...reported]).toEqual([
    ["TimeZone", "Asia/Tokyo"],
    ["is_superuser", "off"],
  ]);
});

const messages = fc.array(
  fc.tuple(fc.constantFrom("Q", "S", "D", "Z", "d"), fc.uint8Array({ maxLength: 20 })),
  { maxLength: 12 },
);

test("messages are found wherever their bytes are cut, and passed on as they are", () => {
  fc.assert(
    fc.property(messages, fc.array(fc.nat(200), { maxLength: 10 }), (said, cuts) => {
      const bytes = Buffer.concat(said.map(([type, body]) => message(type, Buffer.from(body))));
      const [begun, told]: [string[], [string, Buffer][]] = [[], []];
      const found = new Messages(
        (type) => {
          begun.push(type);
          return type === "S" ? "tell" : "pass";
        },
        (type, body) => told.push([type, body]),
      );
      const ends = [...new Set([...cuts.filter((cut) => cut < bytes.length), bytes.length])].sort(
        (a, b) => a - b,
      );
      const passed = ends.map((end, index) => found.read(bytes.subarray(ends[index - 1] ?? 0, end)));
      expect(Buffer.concat(passed).equals(bytes)).toBe(true);
      expect(begun).toEqual(said.map(([type]) => type));
      const kept = said.filter(([type]) => type === "S");
      expect(told).toEqual(kept.map(([type, body]) => [type, Buffer.from(body)]));
      expect(found.between).toBe(true);
    }),
    randomCases(300),
  );
});

test("a goodbye is held back wherever it is cut", () => {
  for (let cut = 1; cut < TERMINATE.length; cut++) {
    const { passed, traffic } = after(
      ["client", QUERY, TERMINATE.subarray(0, cut)],
      ["client", TERMINATE.subarray(cut)],
    );
    expect(Buffer.concat(passed).equals(QUERY)).toBe(true);
    expect(traffic.terminated).toBe(true);
  }
});
