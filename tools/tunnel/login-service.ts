import type { Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { terminalText } from "../../lib/terminal-text";
import type { Client, Service } from "../protocol/client-session";
import { passwordFailure } from "../protocol/password";
import { errorText, fatalError, MESSAGE_HEADER_BYTES, withLength } from "../protocol/protocol-messages";
import { Refusal } from "../protocol/refusal";
import { relay } from "../protocol/relay";
import { authenticateByScram, scramVerifier } from "../protocol/scram";
import { parseStartupPacket } from "../protocol/startup-packet";
import { connectVerified, type LoginWords, logInByToken, type TokenServer } from "../protocol/token-login";

/** Whom a {@link LoginService} logs in, and where. */
export interface LoginServiceOptions {
  /** The one user that clients may be. */
  readonly databaseUser: string;
  readonly server: TokenServer;
  /** Signs a token for one login to that server. */
  readonly token: () => Promise<string>;
  /** The password that clients must have. */
  readonly secret: string;
  /** How long a client with another one waits for the answer, in milliseconds. @default 1000 */
  readonly refusalDelayMs?: number;
}

/**
 * Logs clients that know the secret in as one database user, each with a token of its own. Neither does the secret leave
 * this machine, nor does a client see the token.
 */
export class LoginService implements Service {
  private readonly verifier;
  private readonly words: LoginWords;
  /** What sessions are cancelled by: whoever has the key of one that is open here may. */
  private readonly keys = new Set<string>();

  constructor(private readonly options: LoginServiceOptions) {
    this.verifier = scramVerifier(options.secret);
    this.words = wordsFor(options);
  }

  async logIn(from: Client): Promise<() => Promise<void>> {
    const { client, packet } = from;
    const start = parseStartupPacket(packet);
    if (start.kind === "cancel") return this.cancel(from);
    const { databaseUser, token, refusalDelayMs = 1000 } = this.options;
    from.claims(start.user);
    if (!(await authenticateByScram(client, this.verifier))) {
      await pause(refusalDelayMs, undefined, { ref: false });
      throw new Refusal("the password is not the one of this run", passwordFailure(start.user));
    }
    if (start.user !== databaseUser) {
      const text = `this port logs in as "${databaseUser}" alone, not as "${start.user}"`;
      throw new Refusal(text, fatalError("28000", text));
    }
    const server = await this.connect(from);
    let key = "";
    const startup = withLength(packet);
    const tell = ({ type, bytes }: { readonly type: string; readonly bytes: Buffer }) => {
      if (type === "K") key = bytes.toString("latin1", MESSAGE_HEADER_BYTES);
      client.write(bytes);
    };
    await logInByToken(server, { startup, token, tell }, this.words);
    return async () => {
      this.keys.add(key);
      await relay(client, server);
      this.keys.delete(key);
    };
  }

  async stop(): Promise<void> {}

  /** Hands on a request to cancel a query of a session that is open here; it needs no login, as in PostgreSQL. */
  private async cancel(from: Client): Promise<() => Promise<void>> {
    if (!this.keys.has(from.packet.toString("latin1", 4))) {
      throw new Refusal("it wants to cancel a query of no session of this port");
    }
    const server = await this.connect(from);
    server.write(withLength(from.packet));
    return () => relay(from.client, server);
  }

  private connect({ holds }: Client): Promise<Socket> {
    return connectVerified(this.options.server, this.words, holds);
  }
}

/** What clients are told, and the log: the server's own words as they are. */
function wordsFor({ databaseUser, server: { host, port } }: LoginServiceOptions): LoginWords {
  const refusal = (code: string, text: string) => new Refusal(text, fatalError(code, text));
  return {
    unreachable: (reason) => refusal("08006", `cannot log in at ${host}:${port}: ${terminalText(reason)}`),
    refused: (error) => new Refusal(`${host}: ${errorText(error)}`, error.bytes),
    noToken: (reason) => refusal("28000", `no token for "${databaseUser}": ${terminalText(reason)}`),
  };
}
