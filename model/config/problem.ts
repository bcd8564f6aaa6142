import type { Days, WarningKind } from "./warnings";

/** Something wrong with an environment file: where, and what to do about it. */
export interface Problem {
  /** Keys and indices from the top of the file. */
  readonly path: readonly PropertyKey[];
  /** Point at the key rather than at its value. @default false */
  readonly onKey?: boolean;
  /** What is wrong and what to do, as a sentence without the place. */
  readonly message: string;
  /** It may be meant, so the file is loaded, and a warning of this kind is said. @default it is an error */
  readonly warning?: WarningKind;
  /** When a warning is said, where that depends on the day; what is written to files never has it. @default always */
  readonly days?: Days;
}
