// biome-ignore lint/suspicious/noExplicitAny: a test changes whatever it likes
export type Json = any;

/** What may be done to a leaf: each makes another value of it. */
export const WAYS: readonly [string, (value: Json) => Json][] = [
  [
    "another",
    (value) => (typeof value === "string" ? `${value}x` : typeof value === "number" ? value + 1 : !value),
  ],
  ["gone", () => undefined],
  ["null", (value) => (value === null ? 0 : null)],
];

/** One leaf of each kind: of resources of a type those at other attributes, and not the same of each. */
export function kindsOfLeaves(stack: Json): string[][] {
  const byKind = new Map<string, string[]>();
  for (const path of leaves(stack)) {
    const [part, type, name, ...rest] = path;
    const named =
      part === "resource" || part === "data" ? [part, type, ...rest] : [part, type, name, ...rest];
    byKind.set(named.filter((key) => !/^\d+$/.test(key ?? "")).join(" "), path);
  }
  return [...byKind.values()];
}

/** A copy in which one leaf is another. */
export function withLeaf(root: Json, path: readonly string[], to: (value: Json) => Json): Json {
  const copy = structuredClone(root);
  const last = path.at(-1) ?? "";
  const holder = path.slice(0, -1).reduce((at, key) => at[key], copy);
  const value = to(holder[last]);
  if (value !== undefined) holder[last] = value;
  else if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else delete holder[last];
  return copy;
}

/** Ways to every leaf of a value, but for what cdktf notes beside the configuration. */
function leaves(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0) return [[...path]];
  return Object.entries(value)
    .filter(([key]) => key !== "//")
    .flatMap(([key, each]) => leaves(each, [...path, key]));
}
