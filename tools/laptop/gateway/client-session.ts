import type { Socket } from "node:net";
import { join } from "node:path";
import type { SecureContext } from "node:tls";
import { Disconnected } from "../../../lib/read-bytes";
import { terminalText } from "../../../lib/terminal-text";
import { SUPERUSER } from "../../../model/postgresql/names";
import type { LocalIam } from "../token-service/local-iam";
import { checkToken, type DatabaseIdentity } from "./check-token";
import { openConnection } from "./encryption";
import type { AllowedMethod, LoginMethods, ServerSocket } from "./login-methods";
import { fatalError, PASSWORD_REQUEST } from "./protocol-messages";
import { asRefusal, Refusal, shown, unavailable } from "./refusal";
import { dismiss, relay } from "./relay";
import {
  connectToServer,
  logInToServer,
  passwordFailure,
  passwordText,
  readPasswordMessage,
} from "./server-login";
import { parseStartupPacket, type SessionStart } from "./startup-packet";

/** What every session of a gateway works with. */
export interface ClientSessionContext {
  /** `host:port` that tokens are signed for. */
  readonly endpoint: string;
  readonly secureContext: SecureContext;
  readonly database: DatabaseIdentity;
  readonly upstream: ServerSocket;
  readonly iam: LocalIam;
  readonly loginMethods: LoginMethods;
  readonly log: (line: string) => void;
  /** How long a client may take to log in, in milliseconds. */
  readonly authenticationTimeout: number;
}

/** How long a client that is refused may take to hang up. */
const LINGER_MS = 1000;

/** One client of the gateway, from its first byte to its last. */
export class ClientSession {
  /** Goes on as the TLS connection on top of it, once there is one. */
  private client: Socket;
  private server: Socket | undefined;
  /** As it says itself. */
  private user = "a client";
  private ended = false;
  private readonly peer: string;
  private readonly address: string;

  constructor(
    socket: Socket,
    private readonly context: ClientSessionContext,
  ) {
    this.client = socket;
    this.address = socket.remoteAddress ?? "unknown";
    this.peer = `${this.address}:${socket.remotePort}`;
    // Without a listener, a client that is gone would end this process. What is lost shows when it is read.
    socket.on("error", () => undefined);
  }

  /**
   * Serves the client until it is gone; never fails.
   * @param loggedIn called when it is no longer pending
   */
  async serve(loggedIn: () => void): Promise<void> {
    const { authenticationTimeout } = this.context;
    const deadline = setTimeout(() => {
      this.refused(`not logged in within ${authenticationTimeout / 1000} s`);
      this.end();
    }, authenticationTimeout);
    try {
      const server = await this.logIn();
      clearTimeout(deadline);
      loggedIn();
      await relay(this.client, server);
    } catch (error) {
      clearTimeout(deadline);
      if (!this.ended && !(error instanceof Disconnected)) await this.turnAway(asRefusal(error));
    } finally {
      clearTimeout(deadline);
      this.end();
    }
  }

  /** Tells the client, and the log, why it gets no further. */
  async turnAway({ reason, answer }: Refusal): Promise<void> {
    this.refused(reason);
    this.server?.destroy();
    if (answer) await dismiss(this.client, answer, LINGER_MS);
    this.end();
  }

  /** Cuts both sides off. */
  end(): void {
    this.ended = true;
    this.client.destroy();
    this.server?.destroy();
  }

  /** The server behind, with the client logged in; or with its request to cancel a query, which needs no login. */
  private async logIn(): Promise<Socket> {
    const { client, encrypted, packet } = await openConnection(this.client, this.context.secureContext);
    this.client = client;
    const startup = parseStartupPacket(packet);
    if (startup.kind === "cancel") return this.connectServer(packet);
    this.user = shown(startup.user);
    const method = await this.authenticate(startup, encrypted);
    const server = await this.connectServer(packet);
    await logInToServer(client, server, startup.user, method);
    return server;
  }

  /**
   * Checks the token of a user who logs in by one; a password is for the server to ask for.
   * @throws Refusal when the user gets no further
   */
  private async authenticate({ user, database }: SessionStart, encrypted: boolean): Promise<AllowedMethod> {
    const target = `host "${this.address}", user "${user}", database "${database}"`;
    if (!encrypted) {
      const text = `no pg_hba.conf entry for ${target}, no encryption`;
      throw new Refusal("the connection is not encrypted", fatalError("28000", text));
    }
    if (database === SUPERUSER) {
      const text = `pg_hba.conf rejects connection for ${target}, SSL encryption`;
      throw new Refusal(`the database ${SUPERUSER} is RDS's own`, fatalError("28000", text));
    }
    const method = await this.context.loginMethods.of(user).catch((error) => {
      throw unavailable(String(error));
    });
    if (method === "password") return method;
    this.client.write(PASSWORD_REQUEST);
    const password = passwordText(await readPasswordMessage(this.client));
    if (method === "none") throw new Refusal("nobody may log in as this user", passwordFailure(user));
    const verdict = checkToken(password, { ...this.context, user, now: new Date() }, this.context.iam);
    if (verdict.accepted) return method;
    throw new Refusal(verdict.reason, fatalError("28000", `PAM authentication failed for user "${user}"`));
  }

  private async connectServer(packet: Buffer): Promise<Socket> {
    const { socketFolder, port } = this.context.upstream;
    const server = await connectToServer(join(socketFolder, `.s.PGSQL.${port}`));
    this.server = server;
    // The deadline may have passed meanwhile.
    if (this.ended) throw new Disconnected();
    const length = Buffer.alloc(4);
    length.writeInt32BE(packet.length + 4);
    server.write(Buffer.concat([length, packet]));
    return server;
  }

  private refused(reason: string): void {
    this.context.log(terminalText(`refused ${this.user} from ${this.peer}: ${reason}`));
  }
}
