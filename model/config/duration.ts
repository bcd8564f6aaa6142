import { z } from "zod";
import { durationText, milliseconds } from "../postgresql/durations";

/** What else a duration may be. */
export interface DurationOptions {
  /** A word that may stand in its place. @default none */
  readonly or?: string;
  /** Units that it may have, from small to large. @default every one of PostgreSQL's */
  readonly units?: readonly string[];
}

/**
 * A time as people write it, with its unit: PostgreSQL takes a bare number for milliseconds, most people for seconds.
 * @param shortest the least it may be, in milliseconds
 * @param longest the most
 */
export function durationBetween(
  shortest: number,
  longest: number,
  { or, units = ["ms", "s", "min", "h", "d"] }: DurationOptions = {},
) {
  const orElse = or === undefined ? "" : `, or ${or}`;
  const must = `must be a whole number and a unit (${listed(units)}), such as 30s or 5min${orElse}`;
  const bare = (input: number) =>
    ["s", "min", "ms"].filter((unit) => units.includes(unit)).map((unit) => `${input}${unit}`);
  return z
    .string({
      error: ({ input }) => (typeof input === "number" ? `must have a unit: ${listed(bare(input))}` : must),
    })
    .regex(new RegExp(`^(${or === undefined ? "" : `${or}|`}\\d+(${units.join("|")}))$`), {
      error: must,
      abort: true,
    })
    .refine(
      (text) => text === or || isWithin(milliseconds(text)),
      `must be from ${durationText(shortest)} to ${durationText(longest)}${orElse}`,
    );

  function isWithin(time = 0): boolean {
    return time >= shortest && time <= longest;
  }
}

/** `s, min or h`. */
function listed(words: readonly string[]): string {
  return words.join(", ").replace(/, ([^,]*)$/, " or $1");
}
