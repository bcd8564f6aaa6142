import { describe, expect, test } from "@jest/globals";
import { readBytes } from "../../../lib/read-bytes";
import { REQUEST } from "../../../tools/protocol/startup-packet";
import { useFixture } from "../laptop/gateway/fixture";
import { answer, logIn, ORDERS, packet, rest, startTls, tcp, tls } from "./wire";

const fixture = useFixture();

describe("before TLS", () => {
  test("GSSAPI encryption is declined, and TLS may follow", async () => {
    const socket = await tcp(fixture);
    socket.write(packet(REQUEST.gss));
    expect((await readBytes(socket, 1)).toString()).toBe("N");
    socket.write(packet(REQUEST.tls));
    expect((await readBytes(socket, 1)).toString()).toBe("S");
    const client = await startTls(fixture, socket);
    await logIn(fixture, client);
    client.destroy();
  });

  test.each([
    ["a startup packet", ORDERS],
    ["one byte", Buffer.from("x")],
    ["the start of a TLS handshake", Buffer.from([0x16, 3, 1, 0, 100, 1])],
    ["another request for TLS", packet(REQUEST.tls)],
  ])("%s smuggled in with the request for TLS, or for GSSAPI, cuts the client off", async (_, smuggled) => {
    for (const request of [REQUEST.tls, REQUEST.gss]) {
      expect(await answer(await tcp(fixture), packet(request), smuggled)).toBe("");
      expect(fixture.log.splice(0)).toEqual([expect.stringContaining("received unencrypted data")]);
    }
  });

  test("plain text sent once TLS was agreed on fails the handshake, and is not taken for anything", async () => {
    const socket = await tcp(fixture);
    socket.write(packet(REQUEST.tls));
    expect((await readBytes(socket, 1)).toString()).toBe("S");
    socket.write(ORDERS);
    expect((await rest(socket)).includes("PAM")).toBe(false);
    expect(fixture.log).toEqual([expect.stringContaining("the TLS handshake failed")]);
  });

  test("a request for what was asked for already is no protocol", async () => {
    const twice = await tcp(fixture);
    twice.write(packet(REQUEST.gss));
    await readBytes(twice, 1);
    expect(await answer(twice, packet(REQUEST.gss))).toContain(
      "0A000: unsupported frontend protocol 1234.5680",
    );
    expect(await answer(await tls(fixture), packet(REQUEST.tls))).toContain(
      "unsupported frontend protocol 1234.5679",
    );
  });

  test("a startup packet in plain text is refused with what RDS says", async () => {
    expect(await answer(await tcp(fixture), ORDERS)).toBe(
      'FATAL 28000: no pg_hba.conf entry for host "127.0.0.1", user "orders_api", database "postgres", no encryption',
    );
  });

  test("a client may start with TLS, for the protocol postgresql and no other", async () => {
    const client = await startTls(fixture, await tcp(fixture), ["postgresql"]);
    await logIn(fixture, client);
    client.destroy();
    expect(await answer(await startTls(fixture, await tcp(fixture)), ORDERS)).toBe("");
    expect(fixture.log).toEqual([expect.stringContaining("not for the protocol postgresql")]);
    await expect(startTls(fixture, await tcp(fixture), ["h2"])).rejects.toThrow("no application protocol");
  });
});
