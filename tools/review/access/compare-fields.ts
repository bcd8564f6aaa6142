import { isDeepStrictEqual } from "node:util";
import type { Finding } from "../finding";

/** Whether it changed asks nobody anything. */
export const NEUTRAL = "neutral";
/** Its words are in another file of this folder, which looks at more than one field. */
export const ELSEWHERE = "elsewhere";
/** It is compared as data, and is `unexplained` when it differs: so is everything that has no rule. */
export const DATA = "data";

/** How a field of the plan is compared; in words by a function of what it is a field of, before and after. */
export type Rule<Part, About> =
  | typeof NEUTRAL
  | typeof ELSEWHERE
  | typeof DATA
  | ((before: Part, after: Part, about: About) => Finding[]);

/** A rule for each field: one that is added to the plan is a type error until somebody says how it is compared. */
export type Rules<Part, About> = { readonly [Field in keyof Required<Part>]: Rule<Part, About> };

/** What findings about fields of something say it is of. */
export interface Named {
  readonly subject: string;
  /** Which part of the subject, when it is one: `grant of table to shop_orders_ro`. @default the subject itself */
  readonly part?: string;
}

/**
 * What differs in the fields of one part of the plan. A part that is on one side only is said as a whole elsewhere: of it
 * only fields are found here that nobody has words for.
 */
export function compareFields<Part extends object, About extends Named>(
  rules: Rules<Part, About>,
  before: Part | undefined,
  after: Part | undefined,
  about: About,
): Finding[] {
  const known = new Map<string, Rule<Part, About>>(Object.entries(rules));
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((field): Finding[] => {
    const rule = known.get(field);
    if (rule === NEUTRAL || rule === ELSEWHERE || isDeepStrictEqual(old.get(field), now.get(field)))
      return [];
    if (rule !== undefined && !(before && after)) return [];
    const inWords = before && after && typeof rule === "function" ? rule(before, after, about) : [];
    // Words that say nothing of a difference are no words for it.
    return inWords.length > 0 ? inWords : [unexplained(about, field, old.get(field), now.get(field))];
  });
}

/** A finding about what has no words. */
function unexplained({ subject, part }: Named, field: string, before: unknown, after: unknown): Finding {
  const what = part === undefined ? field : `${part}: ${field}`;
  const text = `${subject}: ${what} is ${short(after)}, and was ${short(before)}; the review has no words for that`;
  return { kind: "unexplained", subject, text, content: { before: before ?? null, after: after ?? null } };
}

function short(value: unknown): string {
  const text = value === undefined ? "not there" : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function fieldsOf(part: object | undefined): Map<string, unknown> {
  return new Map<string, unknown>(part === undefined ? [] : Object.entries(part));
}
