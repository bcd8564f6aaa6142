/** One thing in which a stack is not what the access plan says. */
export interface Difference {
  /** What is wrong, in words that several may share: they are then one finding. */
  readonly what: string;
  /** Whose it is: a resource's key or address. */
  readonly where: string;
  /** The plan's word against the stack's, as one line of plain text. */
  readonly detail: string;
  /** What the stack has: an approval is for this and nothing else. */
  readonly content: unknown;
}

/** A value in a detail: as JSON, cut where it is long. Of whatever is cut the content has all. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

const LONGEST = 400;
