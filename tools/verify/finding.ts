import { DRIFT_KINDS, DRIFT_TOPICS, type DriftTopic, type NamedDrift } from "../../model/config/verify/drift";

/** One difference between the plan and a live database: its subject is such as `table shop.orders.invoice`. */
export interface Finding extends NamedDrift {
  /** SQL for the admin to run, or a command of this project; left out when a person has to decide. */
  readonly fix?: string;
  /** Who has to run the SQL where the admin may not: a superuser, or whoever did what it undoes. */
  readonly by?: "superuser";
  /** Database to run the SQL in; left out where any will do. */
  readonly database?: string;
  /** It says how many, and not which: others could take their place unseen, so it cannot be accepted. @default false */
  readonly unnamed?: true;
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
  readonly holds: Readonly<Record<DriftTopic, number>>;
  readonly findings: readonly Finding[];
  readonly notChecked: readonly NotChecked[];
}

/** Collects the results of a comparison. */
export class Ledger {
  private readonly counts: Record<DriftTopic, number> = {
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
  holds(topic: DriftTopic, count = 1): void {
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
    const rank = ({ kind, topic }: Finding) =>
      DRIFT_KINDS.indexOf(kind) * DRIFT_TOPICS.length + DRIFT_TOPICS.indexOf(topic);
    const text = ({ subject, detail }: Finding) => `${subject}: ${detail}`;
    const findings = [...this.findings].sort(
      (left, right) => rank(left) - rank(right) || (text(left) < text(right) ? -1 : 1),
    );
    return { holds: this.counts, findings, notChecked: this.notChecked };
  }
}
