import { isDeepStrictEqual } from "node:util";
import type { Finding } from "../finding";
import type { StackJson } from "../sides/side";

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

/** Stacks by id. */
export type Stacks = ReadonlyMap<string, StackJson>;

/** What a change does to the infrastructure, in words. */
export function compareStacks(before: Stacks, after: Stacks): StackComparison {
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort();
  const findings = ids.flatMap((id): Finding[] => {
    const now = after.get(id);
    if (isDeepStrictEqual(before.get(id), now)) return [];
    return [{ kind: "unexplained", subject: id, text: `${id}: the stack is another`, content: now ?? null }];
  });
  return { findings, counts: [] };
}
