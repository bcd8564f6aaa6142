import type { LiveObjects } from "../catalog/live-catalog";
import type { LiveServer } from "./live-server";
import type { Beyond } from "./proposal";

/** Most names that a sentence lists. */
const MOST = 6;

/** Most objects that a sentence names rather than counts. */
const MOST_OBJECTS = 3;

/** Names as a sentence lists them: `a, b and c`, or the first few and how many there are besides. */
export function some(names: Iterable<string>): string {
  const all = [...new Set(names)].sort();
  if (all.length > MOST) return `${all.slice(0, MOST).join(", ")} and ${all.length - MOST} more`;
  const last = all.at(-1) ?? "";
  return all.length < 2 ? last : `${all.slice(0, -1).join(", ")} and ${last}`;
}

/** A number of things: `1 table`, `2 tables`. */
export function count(number: number, thing: string): string {
  return `${number} ${number === 1 ? thing : `${thing}s`}`;
}

/** Objects as a sentence names them: few by name, many by their number. */
export function listed(objects: readonly LiveObjects[]): string {
  const names = objects.flatMap(namesOf);
  return names.length <= MOST_OBJECTS ? some(names) : count(names.length, "object");
}

/** Names of objects with their schema, and of columns with their table. */
export function namesOf({ schema, relation, names }: LiveObjects): string[] {
  return names.map((name) => `${schema}.${relation === null ? name : `${relation}.${name}`}`);
}

/** The line that is to be said of something, or none when there is nothing to say. */
export function lineIf(
  found: { readonly length: number } | boolean,
  where: string,
  what: string,
  proposal: string,
): Beyond[] {
  return (typeof found === "boolean" ? found : found.length > 0) ? [{ where, what, proposal }] : [];
}

/** Roles that PostgreSQL and RDS make for themselves. */
export function systemRoles({ roles }: LiveServer): ReadonlySet<string> {
  return new Set(roles.filter(({ system }) => system).map(({ name }) => name));
}

/** A message of the model's as the end of a sentence. */
export function sentence(message: string): string {
  return /[.?!]$/.test(message) ? message : `${message}.`;
}
