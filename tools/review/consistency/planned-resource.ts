import { keyOf } from "./resource-keys";

/** A resource as the access plan has it. */
export interface PlannedResource {
  readonly type: string;
  /** What it is, whatever its address: its type and names. */
  readonly key: string;
  /** All its arguments but {@link OPEN}; references are replaced by the names that they stand for. */
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** Whether something is protected from destruction is not in the plan; all else in a `lifecycle` is refused. */
export const OPEN = "lifecycle.prevent_destroy";

/** A resource of a type, with all its arguments. */
export function resource(type: string, args: Readonly<Record<string, unknown>>): PlannedResource {
  return { type, key: keyOf(type, args) ?? type, arguments: args };
}
