/**
 * Ends a switch over a union. A member that no case handles makes the call a type error, so that the compiler leads
 * whoever adds one to every place that has to know it.
 */
export function unreachable(value: never): never {
  throw new Error(`Not handled: ${JSON.stringify(value)}`);
}
