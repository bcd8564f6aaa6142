import type { Finding } from "../finding";

/** A change of an identity's limits or settings, in words that do not name it. */
export interface LimitChange {
  readonly kind: Finding["kind"];
  /** @param each ` each` where it is said of several */
  readonly text: (each: string) => string;
}
