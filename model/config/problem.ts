/** Something wrong with an environment file: where, and what to do about it. */
export interface Problem {
  /** Keys and indices from the top of the file. */
  readonly path: readonly PropertyKey[];
  /** Point at the key rather than at its value. @default false */
  readonly onKey?: boolean;
  /** What is wrong and what to do, as a sentence without the place. */
  readonly message: string;
}
