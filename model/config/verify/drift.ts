/** Whether something planned is not there, is there but not as planned, or is there and not planned. */
export const DRIFT_KINDS = ["missing", "different", "extra"] as const;

/** One of {@link DRIFT_KINDS}. */
export type DriftKind = (typeof DRIFT_KINDS)[number];

/** What findings of `npm run verify` are about, in the order they are shown. */
export const DRIFT_TOPICS = [
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

/** One of {@link DRIFT_TOPICS}. */
export type DriftTopic = (typeof DRIFT_TOPICS)[number];

/** What makes a finding this one and no other. */
export interface NamedDrift {
  readonly kind: DriftKind;
  readonly topic: DriftTopic;
  readonly subject: string;
  readonly detail: string;
}

/** The same as one text, equal for the same finding alone. */
export function driftKey({ kind, topic, subject, detail }: NamedDrift): string {
  return JSON.stringify([kind, topic, subject, detail]);
}
