import { createConnection } from "node:net";
import { connect as connectTls } from "node:tls";
import { errorCode } from "../../lib/user-error";
import type { Destination } from "./destinations";

/** What {@link probe} says when nothing came in time. */
export const NO_ANSWER = "no answer";

/** SSLRequest: length 8, then the number by which PostgreSQL knows it. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/**
 * Asks what is at the other end of a forwarded port. A plain TCP connect says nothing: Session Manager's plugin accepts
 * it before the bastion has tried to reach the destination.
 * @returns undefined when the destination answers; else what happened
 */
export function probe(
  port: number,
  destination: Destination,
  timeoutMs: number,
): Promise<string | undefined> {
  return destination.name === "kubernetes"
    ? probeTls(port, destination.host, timeoutMs)
    : probePostgresql(port, timeoutMs);
}

function probePostgresql(port: number, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port }, () => socket.write(SSL_REQUEST));
    const done = (answer?: string) => {
      resolve(answer);
      socket.destroy();
    };
    socket.once("data", (answer) => done(answer.toString("latin1") === "S" ? undefined : NO_TLS));
    socket.once("error", (error) => done(errorCode(error)));
    socket.once("close", () => done("the connection was closed"));
    socket.setTimeout(timeoutMs, () => done(NO_ANSWER));
  });
}

const NO_TLS = "it does not speak PostgreSQL over TLS";

function probeTls(port: number, servername: string, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    // Only whether a TLS server is there: nothing is sent to it. Who it is, clients verify for themselves.
    const socket = connectTls({ host: "127.0.0.1", port, servername, rejectUnauthorized: false }, () =>
      done(),
    );
    const done = (answer?: string) => {
      resolve(answer);
      socket.destroy();
    };
    socket.once("error", (error) => done(errorCode(error)));
    socket.once("close", () => done("the connection was closed"));
    socket.setTimeout(timeoutMs, () => done(NO_ANSWER));
  });
}
