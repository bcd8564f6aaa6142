import { createHash, randomBytes } from "node:crypto";
import type { SessionCredentials } from "./local-iam";

/** A session with what GetCallerIdentity says of it. */
export interface StsSession extends SessionCredentials {
  /** Such as `arn:aws:sts::123456789012:assumed-role/OnCall/alice`. */
  readonly arn: string;
  /** Number of the account it is in. */
  readonly account: string;
  /** Such as `AROAEXAMPLE:alice`. */
  readonly userId: string;
  /** What requests of the session say of it to conditions, by key, such as `aws:SourceIdentity`. */
  readonly context: Readonly<Record<string, string>>;
}

/** Whose session, and how long it lasts. */
export interface StsSessionRequest {
  /** ARN of the role, or of the user, that the session is of. */
  readonly principalArn: string;
  /** Name of a role's session; a user's has none. */
  readonly sessionName: string;
  readonly durationSeconds: number;
  /** @default nothing */
  readonly context?: Readonly<Record<string, string>>;
}

/** An expired session is kept for so long, for a refusal that says what is wrong. */
const KEPT_AFTER_EXPIRY_MS = 3_600_000;
/** How often expired ones are looked for, at most. */
const SWEEP_INTERVAL_MS = 60_000;

/** The sessions that were handed out on this machine. In memory only: they end with the process. */
export class StsSessionStore {
  private readonly sessions = new Map<string, StsSession>();
  private nextSweep = 0;

  /** @param clock the time in milliseconds since 1970 */
  constructor(private readonly clock: () => number) {}

  get size(): number {
    return this.sessions.size;
  }

  find(accessKeyId: string): StsSession | undefined {
    return this.sessions.get(accessKeyId);
  }

  /** Makes a session, with credentials of the shape and length that AWS gives them. */
  issue({ principalArn, sessionName, durationSeconds, context = {} }: StsSessionRequest): StsSession {
    this.forgetExpired();
    // AWS speaks of whole seconds.
    const expiration = new Date((Math.floor(this.clock() / 1000) + durationSeconds) * 1000);
    const session = {
      accessKeyId: `ASIA${base32(randomBytes(10))}`,
      secretAccessKey: randomBytes(30).toString("base64"),
      // The first 12 bytes of those of AWS, in every region.
      sessionToken: `IQoJb3JpZ2luX2Vj${randomBytes(600).toString("base64")}`,
      expiration,
      roleArn: principalArn,
      ...caller(principalArn, sessionName),
      context,
    };
    this.sessions.set(session.accessKeyId, session);
    return session;
  }

  /** Ends the sessions of a role that is no more: a new one of the same name does not bring them back. */
  forgetRole(roleArn: string): void {
    for (const [id, session] of this.sessions) if (session.roleArn === roleArn) this.sessions.delete(id);
  }

  private forgetExpired(): void {
    const now = this.clock();
    if (now < this.nextSweep) return;
    this.nextSweep = now + SWEEP_INTERVAL_MS;
    for (const [id, { expiration }] of this.sessions) {
      if (expiration.getTime() + KEPT_AFTER_EXPIRY_MS < now) this.sessions.delete(id);
    }
  }
}

/** How AWS calls the holder of a session of a role, or of a user. */
function caller(principalArn: string, sessionName: string): Pick<StsSession, "account" | "arn" | "userId"> {
  // The path of a role is left out.
  const parts = /^arn:([\w-]+):iam::(\d{12}):(role|user)\/(?:.*\/)?([^/]+)$/.exec(principalArn);
  if (!parts)
    throw new Error(`A session is of a role or a user; ${JSON.stringify(principalArn)} is no ARN of one.`);
  const [, partition, account = "", kind, name] = parts;
  const id = base32(createHash("sha256").update(principalArn).digest()).slice(0, 17);
  if (kind === "user") return { account, arn: principalArn, userId: `AIDA${id}` };
  return {
    account,
    arn: `arn:${partition}:sts::${account}:assumed-role/${name}/${sessionName}`,
    userId: `AROA${id}:${sessionName}`,
  };
}

/** Letters and digits as in the ids of AWS, 16 for 10 bytes. */
function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{5}/g) ?? [])
    .map((five) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[Number.parseInt(five, 2)])
    .join("");
}
