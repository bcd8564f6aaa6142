import { createServer, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type LoopbackServer, listenOnLoopback } from "../../../lib/loopback";
import { Disconnected } from "../../../lib/read-bytes";
import { Refusal } from "../../../tools/protocol/refusal";
import { authenticateByScram, scramVerifier } from "../../../tools/protocol/scram";
import { randomCases } from "../../helpers/extent";
import { errorOf, message, next, scramClient, tcp } from "./wire";

const PASSWORD = "5f0f2eaa333730d27fa994500d2e5a6e";
const verifier = scramVerifier(PASSWORD);

let gateway: LoopbackServer;
/** What became of the last client: whether it knows the password, or what it is told. */
let outcome: Promise<unknown>;

beforeAll(async () => {
  gateway = await listenOnLoopback(
    createServer((socket) => {
      socket.on("error", () => undefined);
      outcome = authenticateByScram(socket, verifier).catch((error) => {
        if (error instanceof Disconnected) return "gone";
        return error instanceof Refusal ? errorOf(error.answer ?? Buffer.alloc(0)) : error;
      });
      void outcome.finally(() => socket.destroy());
    }),
  );
});
afterAll(() => gateway.close());

const client = async (): Promise<Socket> => {
  const socket = await tcp({ gateway });
  await next(socket);
  return socket;
};

/** Sends these messages, one after each answer; what the server made of it. */
async function says(...messages: readonly Buffer[]): Promise<unknown> {
  const socket = await client();
  for (const [index, each] of messages.entries()) {
    if (index > 0) await next(socket);
    socket.write(each);
  }
  socket.end();
  return outcome;
}

/** An exchange with the right password in which the client's last message is changed. */
async function changed(change: (text: string) => string): Promise<unknown> {
  const socket = await client();
  const own = scramClient(PASSWORD);
  socket.write(own.first);
  const final = own.final(await next(socket)).message.toString("latin1", 5);
  socket.end(message("p", change(final)));
  return outcome;
}

const first = (data: string, mechanism = "SCRAM-SHA-256", length = data.length) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(length);
  return message("p", Buffer.concat([Buffer.from(`${mechanism}\0`), bytes, Buffer.from(data)]));
};

describe("SCRAM-SHA-256", () => {
  test.each(["n,,", "y,,"])(
    "lets in who knows the password, and proves to know it as well (%s)",
    async (gs2) => {
      const socket = await client();
      const own = scramClient(PASSWORD, gs2);
      socket.write(own.first);
      const final = own.final(await next(socket));
      socket.write(final.message);
      expect((await next(socket)).bytes.toString("latin1", 9)).toBe(final.expected);
      expect(await outcome).toBe(true);
    },
  );

  test("lets in nobody who knows another password, or repeats what another client said", async () => {
    expect(await changed((text) => text)).toBe(true);
    for (const password of ["", `${PASSWORD}x`, PASSWORD.toUpperCase()]) {
      const socket = await client();
      const own = scramClient(password);
      socket.write(own.first);
      socket.write(own.final(await next(socket)).message);
      expect(await outcome).toBe(false);
    }
    const own = scramClient(PASSWORD);
    const one = await client();
    one.write(own.first);
    const { message: proven } = own.final(await next(one));
    one.destroy();
    expect(await says(own.first, proven)).toBe("FATAL 08P01: malformed SCRAM message: nonce");
  });

  test("gives each client a nonce of its own, and keeps no password", async () => {
    const challenges = [await client(), await client()].map(async (socket) => {
      socket.write(first("n,,n=,r=abc"));
      return (await next(socket)).bytes.toString("latin1", 9);
    });
    const [one, other] = await Promise.all(challenges);
    expect(one).not.toBe(other);
    expect(one).toMatch(/^r=abc[\w+/=]{24},s=[\w+/=]{24},i=4096$/);
    expect(JSON.stringify(verifier)).not.toContain(Buffer.from(PASSWORD).toString("base64"));
    expect(scramVerifier(PASSWORD).storedKey.equals(verifier.storedKey)).toBe(false);
  });

  test.each<[string, Buffer, string]>([
    ["another mechanism", first("n,,n=,r=abc", "SCRAM-SHA-1"), "mechanism"],
    ["channel binding", first("p=tls-server-end-point,,n=,r=abc", "SCRAM-SHA-256-PLUS"), "mechanism"],
    ["channel binding under the other name", first("p=tls-server-end-point,,n=,r=abc"), "first message"],
    ["another identity", first("n,a=admin,n=,r=abc"), "first message"],
    ["an extension", first("n,,m=x,n=,r=abc"), "first message"],
    ["no nonce", first("n,,n=,r="), "first message"],
    ["a nonce with a comma", first("n,,n=,r=a,b"), "first message"],
    ["no message", first("", "SCRAM-SHA-256", -1), "length"],
    ["a wrong length", first("n,,n=,r=abc", "SCRAM-SHA-256", 5), "length"],
    ["nothing after the mechanism", message("p", "SCRAM-SHA-256\0"), "length"],
    ["a plain password", message("p", `${PASSWORD}\0`), "mechanism"],
  ])("refuses a first message with %s", async (_, bytes, what) => {
    expect(await says(bytes)).toBe(`FATAL 08P01: malformed SCRAM message: ${what}`);
  });

  test.each<[string, (text: string) => string, string]>([
    ["channel binding it never had", (text) => text.replace("c=biws", "c=eSws"), "channel binding"],
    ["a nonce that goes on", (text) => text.replace(",p=", "x,p="), "nonce"],
    ["no proof", (text) => text.replace(/,p=.*/, ""), "final message"],
    ["a short proof", (text) => text.replace(/p=..../, "p="), "final message"],
    ["a proof in an alphabet of its own", (text) => text.replace(/p=./, "p=-"), "final message"],
  ])("refuses a last message with %s", async (_, change, what) => {
    expect(await changed(change)).toBe(`FATAL 08P01: malformed SCRAM message: ${what}`);
  });

  test("lets nobody in whose last message differs from the right one in a character", async () => {
    const length = "p=".length + 44;
    await fc.assert(
      fc.asyncProperty(fc.nat(length - 1), async (at) => {
        const became = await changed((text) => {
          const index = text.length - length + at;
          const other = text[index] === "A" ? "B" : "A";
          return text.slice(0, index) + other + text.slice(index + 1);
        });
        // The last characters of Base64 have bits to spare, which mean nothing.
        expect(became === true && at < length - 2).toBe(false);
      }),
      randomCases(50),
    );
  });

  test("survives any bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), fc.boolean(), async (bytes, late) => {
        const messages = late
          ? [first("n,,n=,r=abc"), message("p", Buffer.from(bytes))]
          : [Buffer.from(bytes)];
        expect(String(await says(...messages))).toMatch(/^gone$|^FATAL 08P01: /);
      }),
      randomCases(100),
    );
  });
});
