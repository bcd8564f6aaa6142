/** Whether something planned is not there, is there but not as planned, or is there and not planned. */
export type FindingKind = "missing" | "different" | "extra";

/** What findings are about, in the order they are shown. */
export const TOPICS = [
  "database",
  "schema",
  "role",
  "password",
  "setting",
  "membership",
  "owner",
  "grant",
  "default privilege",
  "policy",
  // What hangs on one is dealt with before it.
  "extension",
  "session",
] as const;

/** One of {@link TOPICS}. */
export type Topic = (typeof TOPICS)[number];

/** One difference between the plan and a live database. */
export interface Finding {
  readonly kind: FindingKind;
  readonly topic: Topic;
  /** What it is about, such as `table shop.orders.invoice`. */
  readonly subject: string;
  /** What is wrong with it. */
  readonly detail: string;
  /** SQL for the admin to run, or a command of this project; left out when a person has to decide. */
  readonly fix?: string;
  /** Who has to run the SQL where the admin may not: a superuser, or whoever did what it undoes. */
  readonly by?: "superuser";
  /** Database to run the SQL in; left out where any will do. */
  readonly database?: string;
}

/** The part of a finding that says what to do about it. */
export type Remedy = Pick<Finding, "fix" | "by">;

/** What could not be compared, and why. */
export interface NotChecked {
  readonly subject: string;
  readonly reason: string;
}

/** What a comparison came to. */
export interface Verification {
  /** How many things of each topic are as planned. */
  readonly holds: Readonly<Record<Topic, number>>;
  readonly findings: readonly Finding[];
  readonly notChecked: readonly NotChecked[];
}

const KINDS: readonly FindingKind[] = ["missing", "different", "extra"];

/** Collects the results of a comparison. */
export class Ledger {
  private readonly counts: Record<Topic, number> = {
    database: 0,
    schema: 0,
    role: 0,
    password: 0,
    setting: 0,
    membership: 0,
    owner: 0,
    grant: 0,
    "default privilege": 0,
    policy: 0,
    extension: 0,
    session: 0,
  };
  private readonly findings: Finding[] = [];
  private readonly notChecked: NotChecked[] = [];

  /** Things that are as planned. */
  holds(topic: Topic, count = 1): void {
    this.counts[topic] += count;
  }

  finds(finding: Finding): void {
    this.findings.push(finding);
  }

  skips(notChecked: NotChecked): void {
    this.notChecked.push(notChecked);
  }

  /** Everything collected; findings in order of kind, topic and subject. */
  close(): Verification {
    const rank = ({ kind, topic }: Finding) => KINDS.indexOf(kind) * TOPICS.length + TOPICS.indexOf(topic);
    const text = ({ subject, detail }: Finding) => `${subject}: ${detail}`;
    const findings = [...this.findings].sort(
      (left, right) => rank(left) - rank(right) || (text(left) < text(right) ? -1 : 1),
    );
    return { holds: this.counts, findings, notChecked: this.notChecked };
  }
}
