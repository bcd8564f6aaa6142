import type { Socket } from "node:net";
import { Signer } from "@aws-sdk/rds-signer";
import { Disconnected } from "../../../lib/read-bytes";
import {
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
import { connectVerified, type LoginWords, logInByToken } from "../../protocol/token-login";
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
    const socket = await connectVerified(cluster, wordsFor(start.user));
    try {
      return new ClusterSession(socket, await logIn(socket, cluster, start));
    } catch (error) {
      socket.destroy();
      throw error;
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

/** @returns the settings that the server reports */
async function logIn(socket: Socket, cluster: Cluster, start: SessionStart): Promise<Map<string, string>> {
  const { user, database, parameters } = start;
  const reported = new Map<string, string>();
  const login = {
    startup: startupPacket(new Map([["user", user], ["database", database], ...parameters])),
    token: () => sign(cluster, user),
    tell: ({ type, bytes }: Message) => {
      if (type === "S") setReported(reported, bytes.subarray(MESSAGE_HEADER_BYTES));
    },
  };
  await logInByToken(socket, login, wordsFor(user));
  return reported;
}

async function sign(
  { host: hostname, port, region, credentials: ask }: Cluster,
  username: string,
): Promise<string> {
  const credentials = await ask().catch((error) => {
    throw new Error(`the proxy cannot take its role: ${error}`);
  });
  return new Signer({ hostname, port, region, username, credentials }).getAuthToken();
}

/** What RDS Proxy says. A cluster that is not there is tried again for a while. */
function wordsFor(user: string): LoginWords {
  return {
    unreachable: (reason) => new ClusterRefusal("57P03", reason),
    refused: (error) => new ClusterRefusal(errorCodeOf(error), errorText(error)),
    noToken: (reason) => {
      const text = `This RDS proxy has no credentials for the role ${user}. Check the credentials for this role and try again.`;
      return new Refusal(`the cluster: ${reason}`, fatalError("28P01", text));
    },
  };
}
