import type { z } from "zod";

/** What the schema found, its message being a sentence of {@link sentence} or the schema's own. */
export type Issue = z.core.$ZodIssue;

/** Of a value that is no text, unless the schema has a sentence of its own. */
export const NO_TEXT = "must be text";

/** What a value must be, where the schema has no sentence of its own: without the place, and without what it is. */
export function sentence(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.expected === "string"
        ? NO_TEXT
        : `must be ${TYPE_NAMES[issue.expected] ?? issue.expected}`;
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
  boolean: "true or false",
  object: "a map of keys to values",
  record: "a map of keys to values",
  array: "a list",
};
