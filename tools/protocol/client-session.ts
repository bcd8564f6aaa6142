import type { Socket } from "node:net";
import type { SecureContext } from "node:tls";
import { Disconnected } from "../../lib/read-bytes";
import { terminalText } from "../../lib/terminal-text";
import { type OpenedConnection, openConnection } from "./encryption";
import { asRefusal, type Refusal, shown } from "./refusal";
import { dismiss } from "./relay";

/** What serves clients once it is settled whether their connection is encrypted. */
export interface Service {
  /**
   * Logs a client in.
   * @returns serves it until it is gone
   * @throws Refusal, as what is returned does
   */
  logIn(client: Client): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

/** A client that wants to log in. */
export interface Client extends OpenedConnection {
  /** Where it is. */
  readonly address: string;
  /** Says who it claims to be, for the log. */
  claims(user: string): void;
  /** Hands over a connection that is to be cut off with the client's. @throws Disconnected when that is gone already */
  holds(server: Socket): void;
}

/** What every session of a listener works with. */
export interface ClientSessionContext {
  /** @default there is no TLS */
  readonly secureContext?: SecureContext;
  readonly service: Service;
  readonly log: (line: string) => void;
  /** How long a client may take to log in, in milliseconds. */
  readonly authenticationTimeout: number;
}

/** How long a client that is refused may take to hang up. */
const LINGER_MS = 1000;

/** One client of a listener, from its first byte to its last. */
export class ClientSession {
  /** Goes on as the TLS connection on top of it, once there is one. */
  private client: Socket;
  private server: Socket | undefined;
  /** As it says itself. */
  private user = "a client";
  private ended = false;
  /** Whatever the service waits for, such as a signature, a client that is cut off waits no longer. */
  private readonly cutOff = new AbortController();
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
      const serve = await Promise.race([this.logIn(), aborted(this.cutOff.signal)]);
      clearTimeout(deadline);
      loggedIn();
      await serve();
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
    this.cutOff.abort();
    this.client.destroy();
    this.server?.destroy();
  }

  private async logIn(): Promise<() => Promise<void>> {
    const opened = await openConnection(this.client, this.context.secureContext);
    this.client = opened.client;
    return this.context.service.logIn({
      ...opened,
      address: this.address,
      claims: (user) => {
        this.user = shown(user);
      },
      holds: (server) => {
        this.server = server;
        // The deadline may have passed meanwhile.
        if (!this.ended) return;
        server.destroy();
        throw new Disconnected();
      },
    });
  }

  private refused(reason: string): void {
    this.context.log(terminalText(`refused ${this.user} from ${this.peer}: ${reason}`));
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(new Disconnected()), { once: true });
  });
}
