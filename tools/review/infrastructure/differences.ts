import { isDeepStrictEqual } from "node:util";

/** One place in which two values differ. */
export interface Difference {
  /** Keys on the way there; places in lists are left out. */
  readonly path: readonly string[];
  /** What is there on each side; undefined where there is nothing. */
  readonly before: unknown;
  readonly after: unknown;
}

/** An object as JSON has it. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object, and no list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Where two JSON values differ, as far down as that can be said, in the order of keys. Of lists of texts and numbers the whole
 * list differs; of others those members that only one side has, unless both are as long.
 */
export function differences(before: unknown, after: unknown, path: readonly string[] = []): Difference[] {
  if (isDeepStrictEqual(before, after)) return [];
  const whole = [{ path, before, after }];
  const deeper = (left: JsonObject, right: JsonObject) => {
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
    return keys.flatMap((key) => differences(own(left, key), own(right, key), [...path, key]));
  };
  if (isObject(before) && isObject(after)) return deeper(before, after);
  // A block that is new or gone is told by what is in it, so that each attribute finds its rule.
  if (before === undefined && isObject(after) && Object.keys(after).length > 0) return deeper({}, after);
  if (after === undefined && isObject(before) && Object.keys(before).length > 0) return deeper(before, {});
  const lists = [before ?? [], after ?? []];
  if (!lists.every(isListOfObjects) || lists.every(({ length }) => length === 0)) return whole;
  const [left = [], right = []] = lists;
  if (left.length === right.length) {
    return left.flatMap((item, index) => differences(item, right[index], path));
  }
  const found = [
    ...lacking(left, right).map((item) => ({ path, before: item, after: undefined })),
    ...lacking(right, left).map((item) => ({ path, before: undefined, after: item })),
  ];
  return found.length > 0 ? found : whole;
}

/** An object's own property: one that is called `constructor` or `__proto__` is no other. */
export function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Everything at a path, through all members of the lists on the way. */
export function valuesAt(value: unknown, path: readonly string[]): unknown[] {
  const [key, ...rest] = path;
  if (Array.isArray(value) && (key !== undefined || value.some(isObject))) {
    return value.flatMap((item) => valuesAt(item, path));
  }
  if (key === undefined) return [value];
  return isObject(value) && Object.hasOwn(value, key) ? valuesAt(value[key], rest) : [];
}

/** Whether a path begins with another. */
export function startsWith(path: readonly string[], start: readonly string[]): boolean {
  return start.every((key, index) => path[index] === key);
}

/** Whether one of two paths begins with the other: what is there is in what is at the other. */
export function touches(left: readonly string[], right: readonly string[]): boolean {
  return startsWith(left, right) || startsWith(right, left);
}

/** A value for one line, shortened; what is not there is `(none)`. References are written as people read them. */
export function shown(value: unknown, longest = 60): string {
  return shortened(readable(exact(value)), longest);
}

/** What a value was and is, for one line. */
export function change(before: unknown, after: unknown, longest = 60): string {
  if (isFlat(before) && isFlat(after)) {
    const [gained, lost] = [lacking(after, before), lacking(before, after)];
    const parts = [
      ...(gained.length > 0 ? [`gains ${shown(gained.map(exact).join(", "), longest)}`] : []),
      ...(lost.length > 0 ? [`loses ${shown(lost.map(exact).join(", "), longest)}`] : []),
    ];
    return parts.length > 0 ? parts.join(" and ") : "has another order";
  }
  const [was, is] = [shown(before, longest), shown(after, longest)];
  // Shortened, two may look the same: then the first place where they differ says more.
  return was === is ? `${from(before, after, longest)} → ${from(after, before, longest)}` : `${was} → ${is}`;
}

/** One line for a difference: `path: before → after`. */
export function differenceLine({ path, before, after }: Difference): string {
  const [was, is] = [exact(before), exact(after)].map((text) => shortened(text, 160));
  return `${pathText(path)}: ${was} → ${is}`;
}

function exact(value: unknown): string {
  if (value === undefined) return "(none)";
  const plain = typeof value === "string" && /^[^\r\n\u2028\u2029]+$/.test(value);
  if (plain) return value;
  // JSON leaves these two as they are, and they end a line.
  return JSON.stringify(value).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

function shortened(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** A text from a little before the place where another goes on otherwise. */
function from(value: unknown, other: unknown, longest: number): string {
  const [text, against] = [exact(value), exact(other)];
  let at = 0;
  while (at < text.length && text[at] === against[at]) at++;
  const start = Math.max(0, at - 20);
  return shortened(`${start > 0 ? "…" : ""}${text.slice(start)}`, longest);
}

/** What another stack publishes as `<stack>:<what>`, and names without cdktf's hashes. */
function readable(text: string): string {
  if (!text.includes("${")) return text;
  return text
    .replace(
      /data\.terraform_remote_state\.cross-stack-reference-input-([\w-]+)\.outputs\.cross-stack-output-/g,
      "$1:",
    )
    .replace(/_[0-9A-F]{8}(?=[.}\]a-z]|$)/g, "");
}

/** A path as people write it. */
export function pathText(path: readonly string[]): string {
  return path.map((key) => (/[.\s]/.test(key) ? JSON.stringify(key) : key)).join(".");
}

/** A list of texts and numbers. */
function isFlat(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.every((each) => typeof each !== "object");
}

function isListOfObjects(value: unknown): value is readonly JsonObject[] {
  return Array.isArray(value) && value.every(isObject);
}

/** Members of a list that another lacks; two equal ones are two. */
function lacking(list: readonly unknown[], other: readonly unknown[]): unknown[] {
  const left = [...other];
  return list.filter((item) => {
    const at = left.findIndex((each) => isDeepStrictEqual(each, item));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
