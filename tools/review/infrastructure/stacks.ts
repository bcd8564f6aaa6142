import type { StackJson } from "../sides/side";

/** Stacks by id. */
export type Stacks = ReadonlyMap<string, StackJson>;
