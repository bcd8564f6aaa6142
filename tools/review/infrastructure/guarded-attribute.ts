import type { FindingKind } from "../../../model/config/review/kinds";

/** Which values of an attribute are the safe ones. */
export type Safer =
  /** `true`, or `false`. */
  | boolean
  /** The larger number, or the smaller; `longer` is the larger, where 0 stands for ever. */
  | "higher"
  | "lower"
  | "longer"
  /** A list with fewer members, of addresses fewer of these; or one with more. */
  | "fewer"
  | "more"
  /** As `fewer`, but nothing to tell of what is new: it is told of what the members are. */
  | "no further"
  /** What it was: nobody can say of another value whether it is safer. */
  | "same"
  /** What it was, and something rather than nothing. */
  | "set"
  /** This text and no other. */
  | { readonly text: string };

/** An attribute whose value protects, hides or encrypts something. */
export interface GuardedAttribute {
  /** What becomes worse, or better. */
  readonly about: keyof typeof ABOUT;
  /** Where in a resource, by keys with dots between. */
  readonly path: string;
  /** Types of resources that it counts for. @default every type */
  readonly types?: readonly string[];
  readonly safer: Safer;
  /** What holds where nothing is said. @default nothing, which is as no member and no text */
  readonly absent?: unknown;
  /** Another attribute, without which this one says nothing. @default none */
  readonly when?: string;
  /** What follows when it is worse. */
  readonly worse: string;
}

/** Kinds of findings by what an attribute is about. */
export const ABOUT = {
  protection: { worse: "protection-off", better: "protection-on" },
  reach: { worse: "reach-widened", better: "reach-narrowed" },
  encryption: { worse: "encryption-weakened", better: "encryption-strengthened" },
  policy: { worse: "policy-widened", better: "policy-narrowed" },
  boundary: { worse: "boundary-loosened", better: "boundary-set" },
  state: { worse: "state-moved", better: "state-moved" },
} as const satisfies Readonly<Record<string, { worse: FindingKind; better: FindingKind }>>;

/** An attribute in a line: its path, which values are the safe ones, what follows when it is worse, and what holds where nothing is said. */
type Row = readonly [path: string, safer: Safer, worse: string, absent?: unknown];

/** Rows that are about one thing. @param types that they count for. @default every type */
export function about(
  what: GuardedAttribute["about"],
  rows: readonly Row[],
  types?: readonly string[],
): GuardedAttribute[] {
  return rows.map(([path, safer, worse, absent]) => ({
    about: what,
    path,
    safer,
    worse,
    ...(absent !== undefined && { absent }),
    ...(types && { types }),
  }));
}
