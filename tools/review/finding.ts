import { type Decision, type Effect, type FindingKind, kindOf } from "../../model/config/review/kinds";

/** One thing that a change does, in words. */
export interface Finding {
  readonly kind: FindingKind;
  /**
   * What it is about, which reports group and filter by: an identity's key, `<database>.<schema>`, or `<stack>` and an
   * address in it.
   */
  readonly subject: string;
  /** One line that says all a reviewer must know, as plain text: whoever shows it escapes it. It starts with its subject. */
  readonly text: string;
  /** More lines for whoever wants to know exactly, as plain text. @default none */
  readonly details?: readonly string[];
  /** What follows from it, each judged by its own kind and approved with it. @default nothing */
  readonly also?: readonly Finding[];
  /** What an approval of this is for, where the texts do not say it all, such as a whole policy. @default the texts */
  readonly content?: unknown;
}

/** A finding and what becomes of it. */
export interface JudgedFinding extends Finding {
  readonly effect: Effect;
  /** The strictest of its own and of those that follow from it. */
  readonly decision: Decision;
}

/** Where the finding's kind goes. */
export function effectOf({ kind }: Finding): Effect {
  return kindOf(kind).effect;
}
