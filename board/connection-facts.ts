import { TLSSocket } from "node:tls";
import type { Client, Pool, PoolClient } from "pg";

/** What the page shows of one connection of the pool. */
export interface ConnectionFacts {
  /** Counts the connections this process has made, from 1. */
  readonly number: number;
  readonly madeAt: Date;
  /** Until when its token can log in; undefined when the server asked for none. The connection outlives it. */
  readonly tokenExpiresAt?: Date;
  /** Of the socket of this process; undefined when it is not encrypted. */
  readonly tls?: TlsFacts;
}

/** What was agreed on with whoever ends TLS: the database, or a gateway in front of it. */
export interface TlsFacts {
  /** Such as `TLSv1.3`. */
  readonly version: string;
  /** IANA name of the cipher suite. */
  readonly cipher: string;
}

/** The connections of a pool, kept up to date by its events. */
export class PoolConnections {
  private readonly facts = new Map<PoolClient, ConnectionFacts>();
  private made = 0;

  constructor(pool: Pool) {
    pool.on("connect", (client) => {
      this.made++;
      const { password } = client;
      this.facts.set(client, {
        number: this.made,
        madeAt: new Date(),
        tokenExpiresAt: tokenExpiry(password),
        tls: tlsFacts(client),
      });
    });
    pool.on("remove", (client) => this.facts.delete(client));
  }

  /** Those that are open, in the order they were made. */
  all(): readonly ConnectionFacts[] {
    return [...this.facts.values()];
  }

  /** The facts of one of them; undefined when it is not of this pool, or closed. */
  of(client: PoolClient): ConnectionFacts | undefined {
    return this.facts.get(client);
  }
}

/**
 * When a token ends, as it says itself.
 * @param token what the client sent as its password; anything else than a token has no expiry
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function tokenExpiry(token: unknown): Date | undefined {
  if (typeof token !== "string" || !URL.canParse(`https://${token}`)) return undefined;
  const { searchParams } = new URL(`https://${token}`);
  const signedAt = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(searchParams.get("X-Amz-Date") ?? "");
  const seconds = Number(searchParams.get("X-Amz-Expires"));
  if (!signedAt || !(seconds > 0)) return undefined;
  const [, year, month, day, hour, minute, second] = signedAt.map(Number);
  if (year === undefined || month === undefined) return undefined;
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second) + seconds * 1000);
}

function tlsFacts({ connection }: Client): TlsFacts | undefined {
  const { stream } = connection;
  if (!(stream instanceof TLSSocket)) return undefined;
  // Null once the socket is gone.
  const version = stream.getProtocol();
  return version === null ? undefined : { version, cipher: stream.getCipher().standardName };
}
