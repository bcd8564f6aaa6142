import type { FindingKind } from "../../../model/config/review/kinds";

/** Something that a change does to one resource. */
export interface Effect {
  readonly kind: FindingKind;
  /** What happens, without saying to what. */
  readonly says: string;
  /** More lines for whoever wants to know exactly. @default none */
  readonly details?: readonly string[];
  /** Paths whose differences it tells: nobody else has to. @default none */
  readonly tells?: readonly (readonly string[])[];
}
