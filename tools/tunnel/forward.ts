import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { UserError } from "../../lib/user-error";
import type { Destination } from "./destinations";
import type { ForwardSession } from "./forward-session";
import { NO_ANSWER, probe } from "./probe";

/** Options for {@link Forward}. */
export interface ForwardOptions {
  /** Starts a session to the destination. */
  readonly start: (cancelled: AbortSignal) => Promise<ForwardSession>;
  /** Says what happens, one line each. */
  readonly log: (line: string) => void;
  /** How long a session may take until the destination answers through it, and a connection may wait for one. */
  readonly timeoutMs: number;
  /** Pauses before each attempt to open a session in place of one that ended. @default {@link RECONNECT_DELAYS_MS} */
  readonly delaysMs?: readonly number[];
}

/** About three minutes; after that nobody may be there any more, and the next connection tries again. */
export const RECONNECT_DELAYS_MS: readonly number[] = [1, 2, 4, 8, 15, 30, 30, 30, 30, 30].map(
  (seconds) => seconds * 1000,
);

/** A session that lasted this long worked; one that ends sooner does not start the pauses over. */
const STABLE_MS = 60_000;

/** How long one question to the destination may take; a security group that admits nobody lets it hang. */
const PROBE_MS = 10_000;

/** A destination kept within reach: when its session ends, another one takes its place. */
export class Forward {
  private readonly stop = new AbortController();
  private current: Promise<ForwardSession> | undefined;
  /** Attempts since a session last worked. */
  private attempt = 0;

  constructor(
    readonly destination: Destination,
    private readonly options: ForwardOptions,
  ) {}

  /**
   * Opens the first session, once.
   * @throws UserError when it cannot be opened, or when the destination does not answer through it in time
   */
  async open(): Promise<void> {
    await this.watch(this.attemptSession());
  }

  /**
   * A connection to the destination. While there is no session, it waits for the next one.
   * @throws UserError when none comes in time
   */
  async connect(): Promise<Socket> {
    if (!this.current) this.attempt = 0;
    const session = await within(this.current ?? this.reopen(), this.options.timeoutMs);
    return new Promise((resolve, reject) => {
      const socket = connect({ host: "127.0.0.1", port: session.port, allowHalfOpen: true }, () => {
        socket.off("error", reject);
        resolve(socket);
      });
      socket.once("error", reject);
    });
  }

  /** Ends the session, and opens no other. */
  async close(): Promise<void> {
    this.stop.abort();
    const session = await this.current?.catch(() => undefined);
    await session?.close();
  }

  /** Keeps a session as the one to use, and sees to the next when it ends. */
  private watch(opening: Promise<ForwardSession>): Promise<ForwardSession> {
    this.current = opening;
    opening.then(
      async (session) => {
        const since = Date.now();
        const reason = await session.ended;
        if (this.stop.signal.aborted) return;
        if (Date.now() - since >= STABLE_MS) this.attempt = 0;
        this.log(`the session ended (${reason}); opening another one`);
        this.reopen().catch(() => undefined);
      },
      () => {
        this.current = undefined;
      },
    );
    return opening;
  }

  private reopen(): Promise<ForwardSession> {
    return this.watch(this.attemptSessions());
  }

  private async attemptSessions(): Promise<ForwardSession> {
    const delays = this.options.delaysMs ?? RECONNECT_DELAYS_MS;
    let reported = "";
    while (this.attempt < delays.length) {
      await pause(delays[this.attempt++], undefined, { signal: this.stop.signal });
      try {
        const session = await this.attemptSession();
        this.log("connected again");
        return session;
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        // The same reason every few seconds is no news.
        if (error.message !== reported) this.log(error.message);
        reported = error.message;
      }
    }
    this.log("gave up; the next connection tries again");
    throw new UserError([reported === "" ? "no session stays open" : reported]);
  }

  /** One session, and an answer of the destination through it. */
  private async attemptSession(): Promise<ForwardSession> {
    const { timeoutMs, start } = this.options;
    const deadline = Date.now() + timeoutMs;
    const limit = new AbortController();
    const cancel = () => limit.abort();
    const timer = setTimeout(cancel, timeoutMs);
    this.stop.signal.addEventListener("abort", cancel);
    try {
      this.stop.signal.throwIfAborted();
      const session = await start(limit.signal);
      clearTimeout(timer);
      const problem = await this.untilAnswer(session, deadline);
      if (problem === undefined) return session;
      await session.close();
      throw new UserError([problem]);
    } catch (error) {
      if (!limit.signal.aborted || this.stop.signal.aborted) throw error;
      throw new UserError([this.unopened()]);
    } finally {
      clearTimeout(timer);
      this.stop.signal.removeEventListener("abort", cancel);
    }
  }

  /** Asks until the destination answers; else why it does not. */
  private async untilAnswer(session: ForwardSession, deadline: number): Promise<string | undefined> {
    const { host, port } = this.destination;
    let over: string | undefined;
    let reason = NO_ANSWER;
    // It never rejects: how a session ends is its value.
    void session.ended.then((lastWords) => {
      over = lastWords;
    });
    for (;;) {
      const left = Math.max(1, deadline - Date.now());
      const answer = await probe(session.port, this.destination, Math.min(left, PROBE_MS));
      this.stop.signal.throwIfAborted();
      if (answer === undefined) return undefined;
      if (over !== undefined) return `the session to ${host}:${port} ended: ${over}`;
      // The last attempt may have been cut short; what was heard before says more.
      if (answer !== NO_ANSWER) reason = answer;
      if (Date.now() >= deadline) {
        return `${host}:${port} does not answer through the bastion (${reason}); check that it runs and that its security group admits the bastion`;
      }
      await pause(Math.min(500, left));
    }
  }

  private unopened(): string {
    return `Session Manager opened no session to ${this.destination.host} in ${this.options.timeoutMs / 1000} s; try again`;
  }

  private log(line: string): void {
    this.options.log(`${this.destination.name}: ${line}`);
  }
}

/** Waits no longer than this. */
async function within<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new UserError(["there is no session yet"])), timeoutMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
