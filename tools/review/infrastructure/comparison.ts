import type { Finding } from "../finding";
import type { Action } from "./compare-resource";

/** How many resources of a stack are made, changed, replaced and destroyed, each counted once. */
export interface StackCounts {
  readonly stack: string;
  readonly added: number;
  readonly changed: number;
  readonly replaced: number;
  readonly removed: number;
}

/** What a change does to stacks. */
export interface StackComparison {
  readonly findings: readonly Finding[];
  /** One for each stack in which something differs. */
  readonly counts: readonly StackCounts[];
}

/** Counts what is done about resources. */
export function countsOf(stack: string, actions: readonly Action[]): StackCounts {
  const count = (action: Action) => actions.filter((each) => each === action).length;
  return {
    stack,
    added: count("added"),
    changed: count("changed"),
    replaced: count("replaced"),
    removed: count("removed"),
  };
}
