import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { Signer } from "@aws-sdk/rds-signer";
import { Disconnected } from "../../../lib/read-bytes";
import { ALPN_PROTOCOL } from "../../protocol/encryption";
import {
  AUTHENTICATION,
  errorCodeOf,
  errorText,
  fatalError,
  MESSAGE_HEADER_BYTES,
  type Message,
  message,
  startupPacket,
} from "../../protocol/protocol-messages";
import { readMessage } from "../../protocol/read-message";
import { Refusal } from "../../protocol/refusal";
import { closedWithin } from "../../protocol/relay";
import type { SessionStart } from "../../protocol/startup-packet";
import { ClusterRefusal } from "./cluster-refusal";
import { setReported } from "./traffic";

/** Where a proxy logs in, and as whom. */
export interface Cluster {
  readonly host: string;
  readonly port: number;
  readonly region: string;
  /** Certificate of the authority that signed the endpoint's, PEM. */
  readonly ca: string;
  /** Those of the proxy's IAM role, asked for each login. */
  readonly credentials: () => Promise<ConstructorParameters<typeof Signer>[0]["credentials"]>;
}

/** Longest message of a server before a session is ready, and while it is reset. */
const MAX_SERVER_MESSAGE_BYTES = 64 * 1024;

/** How long a session may take to be reset, or to end. */
const RESET_MS = 5_000;

/**
 * Takes back all that a session can be left with: cursors, the user and the role, settings, prepared statements, LISTEN,
 * advisory locks, temporary tables and what sequences gave. It works outside of a transaction only.
 * @see https://www.postgresql.org/docs/current/sql-discard.html
 */
const RESET = message("Q", Buffer.from("DISCARD ALL\0"));

/** A client's goodbye. */
export const TERMINATE = message("X", Buffer.alloc(0));

/** A session at the cluster that serves one client after the other. */
export class ClusterSession {
  private spoke: (() => void) | undefined;

  private constructor(
    /** Logged in; what is said in it is whose turn it is. */
    readonly socket: Socket,
    /** Settings that the server reports, as they are now. */
    readonly reported: Map<string, string>,
  ) {}

  /**
   * Logs in over verified TLS with a token of the proxy's own.
   * @param start whom as and with which settings: the client's
   * @throws Refusal with the answer for the client
   */
  static async open(cluster: Cluster, start: SessionStart): Promise<ClusterSession> {
    const socket = await connect(cluster);
    try {
      return new ClusterSession(socket, await logIn(socket, cluster, start));
    } catch (error) {
      socket.destroy();
      throw error instanceof Disconnected ? down("it hung up during the login") : error;
    }
  }

  /**
   * Makes it as it was when it was opened.
   * @returns false when that failed: it has ended then
   */
  async reset(): Promise<boolean> {
    const late = setTimeout(() => this.socket.destroy(), RESET_MS);
    try {
      this.socket.write(RESET);
      for (let refused = false; ; ) {
        const { type, bytes } = await readMessage(this.socket, MAX_SERVER_MESSAGE_BYTES);
        const body = bytes.subarray(MESSAGE_HEADER_BYTES);
        if (type === "S") setReported(this.reported, body);
        if (type === "E") refused = true;
        if (type !== "Z") continue;
        if (refused || body.toString("latin1") !== "I") throw new Disconnected();
        return true;
      }
    } catch {
      await this.end();
      return false;
    } finally {
      clearTimeout(late);
    }
  }

  /** Calls back when it says anything while nobody asks it, as before it is shut down, or is gone. */
  whenItSpeaks(spoke: () => void): void {
    this.spoke = spoke;
    for (const event of ["readable", "close"]) this.socket.on(event, spoke);
  }

  /** It is somebody's again. */
  taken(): void {
    for (const event of ["readable", "close"]) if (this.spoke) this.socket.off(event, this.spoke);
  }

  /** Ends it as a client does that says goodbye: what it was asked is done before. */
  async end(): Promise<void> {
    if (this.socket.writable) this.socket.end(TERMINATE);
    // What is still on its way is nobody's.
    this.socket.resume();
    await closedWithin(this.socket, RESET_MS);
  }
}

function connect({ host, port, ca }: Cluster): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ host, port, ca, ALPNProtocols: [ALPN_PROTOCOL] }, () => resolve(socket));
    socket.setNoDelay(true);
    // Goes on listening: what is lost shows when it is read.
    socket.on("error", ({ message: text }) => reject(down(text)));
  });
}

/** @returns the settings that the server reports */
async function logIn(socket: Socket, cluster: Cluster, start: SessionStart): Promise<Map<string, string>> {
  const { user, database, parameters } = start;
  socket.write(startupPacket(new Map([["user", user], ["database", database], ...parameters])));
  const reported = new Map<string, string>();
  for (;;) {
    const said = await readMessage(socket, MAX_SERVER_MESSAGE_BYTES);
    if (said.type === "E") throw new ClusterRefusal(errorCodeOf(said), errorText(said));
    if (said.type === "R") await authenticate(socket, said, cluster, user);
    if (said.type === "S") setReported(reported, said.bytes.subarray(MESSAGE_HEADER_BYTES));
    if (said.type === "Z") return reported;
  }
}

async function authenticate(
  socket: Socket,
  { bytes }: Message,
  cluster: Cluster,
  user: string,
): Promise<void> {
  const code = bytes.readInt32BE(MESSAGE_HEADER_BYTES);
  if (code === AUTHENTICATION.ok) return;
  if (code !== AUTHENTICATION.cleartextPassword) {
    throw noCredentials(user, "the cluster asks for a password, not for a token");
  }
  const credentials = await cluster.credentials().catch((error) => {
    throw noCredentials(user, `the proxy cannot take its role: ${error}`);
  });
  const { host: hostname, port, region } = cluster;
  const signer = new Signer({
    hostname,
    port,
    region,
    username: user,
    credentials,
  });
  socket.write(message("p", Buffer.from(`${await signer.getAuthToken()}\0`)));
}

function noCredentials(user: string, reason: string): Refusal {
  const text = `This RDS proxy has no credentials for the role ${user}. Check the credentials for this role and try again.`;
  return new Refusal(reason, fatalError("28P01", text));
}

/** It is tried again for a while. */
function down(text: string): ClusterRefusal {
  return new ClusterRefusal("57P03", text);
}
