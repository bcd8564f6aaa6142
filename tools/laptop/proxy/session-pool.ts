import { setTimeout as pause } from "node:timers/promises";
import { Disconnected } from "../../../lib/read-bytes";
import { fatalError } from "../../protocol/protocol-messages";
import { Refusal } from "../../protocol/refusal";
import type { SessionStart } from "../../protocol/startup-packet";
import { ClusterRefusal } from "./cluster-refusal";

/** A session at the cluster, as the pool handles it. */
export interface PooledSession {
  /** Makes it as it was when it was opened. @returns false when that failed */
  reset(): Promise<boolean>;
  /** Calls back when it says anything although nobody asks it, or is gone; until it is taken. */
  whenItSpeaks(spoke: () => void): void;
  taken(): void;
  /** Done when the server has ended it, too. */
  end(): Promise<void>;
}

/** What a pool may hold, and for how long. */
export interface PoolLimits {
  /** Sessions at the cluster, idle ones and those in use. */
  readonly sessions: number;
  /** How long a client waits for one, in milliseconds. */
  readonly borrowTimeout: number;
  /** How long one stays open that nobody uses, in milliseconds. */
  readonly idleTimeout: number;
}

/** A session that nobody uses. */
interface Idle<Session> {
  readonly session: Session;
  readonly start: SessionStart;
  /** True once it is reset, false when that failed. */
  readonly ready: Promise<boolean>;
  readonly timer: NodeJS.Timeout;
}

/** What PostgreSQL says when the user has no connection left, and when it is down or just starting. */
const [FULL, DOWN] = ["53300", "57P03"];

/** How often a cluster that is down is tried again. */
const RETRY_MS = 100;

/**
 * Keeps sessions for the next client that starts in the same way: as the same user, in the same database, with the same
 * settings. Each serves one client at a time and is reset in between, as soon as it comes back.
 */
export class SessionPool<Session extends PooledSession> {
  /** The one that is idle for longest first. */
  private idle: readonly Idle<Session>[] = [];
  /** How many there are, with those that are just opened or ended. */
  private count = 0;
  /** Those who wait until one is idle or ended, the first one first. */
  private readonly waiting = new Set<() => void>();
  private stopped = false;

  constructor(
    private readonly open: (start: SessionStart) => Promise<Session>,
    private readonly limits: PoolLimits,
  ) {}

  /**
   * A session as after a login of the client's own.
   * @param gone aborted when the client does not want it any more
   * @throws Refusal when the cluster refuses it, or there is none in time; Disconnected when the client is gone
   */
  async borrow(start: SessionStart, gone: AbortSignal): Promise<Session> {
    const until = performance.now() + this.limits.borrowTimeout;
    while (!gone.aborted && !this.stopped) {
      // The one that was used last: the others may time out.
      const own = this.take((each) => sameStart(each.start, start), "last");
      if (own) {
        if (await own.ready) return own.session;
        await this.end(own.session);
        continue;
      }
      if (performance.now() >= until) throw timedOut();
      if (await this.place()) {
        const session = await this.tryToOpen(start);
        if (session) return session;
      } else await this.freed(until, gone);
    }
    throw new Disconnected();
  }

  /** Takes back a session; one that is not at rest ends. */
  giveBack(session: Session, start: SessionStart, atRest: boolean): void {
    if (!atRest || this.stopped) {
      void this.end(session);
      return;
    }
    const isIt = (each: Idle<Session>) => each.session === session;
    const timer = setTimeout(() => void this.endIdle(isIt), this.limits.idleTimeout);
    timer.unref();
    const ready = session.reset().then((reset) => {
      // One that is taken by now is for whoever took it to end.
      if (!reset) void this.endIdle(isIt);
      else if (this.idle.some(isIt)) session.whenItSpeaks(() => void this.endIdle(isIt));
      return reset;
    });
    this.idle = [...this.idle, { session, start, ready, timer }];
    this.wake();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    while (this.waiting.size > 0) this.wake();
    await Promise.all(this.idle.map(({ session }) => this.endIdle((each) => each.session === session)));
  }

  /** Makes room for one more; an idle session ends for it. @returns false when there is no room */
  private async place(): Promise<boolean> {
    if (this.count < this.limits.sessions) {
      this.count++;
      return true;
    }
    const other = this.take(() => true, "first");
    // Its place is kept meanwhile: others wait, too.
    if (other) await other.session.end();
    return other !== undefined;
  }

  /** @returns undefined when it is worth another try */
  private async tryToOpen(start: SessionStart): Promise<Session | undefined> {
    try {
      return await this.open(start);
    } catch (error) {
      this.release();
      const code = error instanceof ClusterRefusal ? error.code : undefined;
      if (code === DOWN) {
        await pause(RETRY_MS);
        return undefined;
      }
      // Its own idle sessions, in another database or with other settings, count as well.
      if (code === FULL && (await this.endIdle((each) => each.start.user === start.user))) return undefined;
      throw error;
    }
  }

  private take(wanted: (each: Idle<Session>) => boolean, which: "first" | "last"): Idle<Session> | undefined {
    const found = this.idle.filter(wanted).at(which === "first" ? 0 : -1);
    if (!found) return undefined;
    this.idle = this.idle.filter((each) => each !== found);
    clearTimeout(found.timer);
    found.session.taken();
    return found;
  }

  /** Ends the first idle one that is wanted. @returns false when there is none */
  private async endIdle(wanted: (each: Idle<Session>) => boolean): Promise<boolean> {
    const found = this.take(wanted, "first");
    if (found) await this.end(found.session);
    return found !== undefined;
  }

  private async end(session: Session): Promise<void> {
    await session.end();
    this.release();
  }

  /** There is room for one more, and the first who waits looks again. */
  private release(): void {
    this.count--;
    this.wake();
  }

  private freed(until: number, gone: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const over = () => {
        clearTimeout(timer);
        gone.removeEventListener("abort", over);
        this.waiting.delete(over);
        resolve();
      };
      const timer = setTimeout(over, until - performance.now());
      gone.addEventListener("abort", over);
      this.waiting.add(over);
    });
  }

  /** Lets the first who waits look again. */
  private wake(): void {
    const [first] = this.waiting;
    first?.();
  }
}

function sameStart(one: SessionStart, other: SessionStart): boolean {
  return (
    one.user === other.user &&
    one.database === other.database &&
    one.parameters.size === other.parameters.size &&
    [...one.parameters].every(([name, value]) => other.parameters.get(name) === value)
  );
}

function timedOut(): Refusal {
  const text = "Timed-out waiting to acquire database connection";
  return new Refusal(text, fatalError("08000", text));
}
