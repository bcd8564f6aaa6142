import type { z } from "zod";
import { quote } from "../../../lib/nearest";

/** What the schema found, its message being a sentence of {@link sentence} or the schema's own. */
export type Issue = z.core.$ZodIssue;

/** What a value must be, where the schema has no sentence of its own: without the place, and without what it is. */
export function sentence(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${TYPE_NAMES[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `must be one of ${issue.values.map(String).join(", ")}`;
    case "too_small":
      return `must have at least ${issue.minimum} ${UNITS[issue.origin] ?? "parts"}`;
    case "too_big":
      return `must have at most ${issue.maximum} ${UNITS[issue.origin] ?? "parts"}`;
    default:
      return "is not allowed here";
  }
}

const UNITS: Readonly<Record<string, string>> = { string: "characters", array: "items" };

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "text",
  boolean: "true or false",
  object: "a map of keys to values",
  record: "a map of keys to values",
  array: "a list",
};

/** `key: value` as it would be written in a file, on one line. */
export function asWritten(key: PropertyKey, value: unknown): string {
  return `${String(key)}: ${flow(value)}`;
}

/** A value as it would be written in a file, on one line. */
export function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => asWritten(key, item));
    return entries.length > 0 ? `{ ${entries.join(", ")} }` : "{}";
  }
  // Quotes where YAML would read something else than text.
  return typeof value === "string" && !/^[A-Za-z][\w .:/@-]*$|^\d+\.\d+\.\d+[\w./-]*$/.test(value)
    ? quote(value)
    : String(value);
}
