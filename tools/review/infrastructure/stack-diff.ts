import { isObject, type JsonObject, own, valuesAt } from "./differences";
import { type Moves, readMoves } from "./moves";
import { type Pair, type Pairs, pairResources } from "./pairs";
import { addressOf, type StackResource, stackResource } from "./resource";

/** A stack before and after, and how its resources belong together. */
export interface StackDiff {
  readonly id: string;
  readonly before: JsonObject;
  readonly after: JsonObject;
  readonly moves: Moves;
  readonly pairs: Pairs;
  /** Places of resources that have a form which cdktf does not write. */
  readonly unreadable: readonly string[];
}

/** The two sides of one stack. */
export interface StackSides {
  readonly id: string;
  readonly before: JsonObject;
  readonly after: JsonObject;
}

/**
 * Puts the two sides of stacks beside each other. What refers to a resource that moved says its new address and means what it
 * did: on both sides the new address counts.
 */
export function stackDiffs(stacks: readonly StackSides[]): StackDiff[] {
  const diffs = stacks.map(({ id, before, after }): StackDiff => {
    const moves = readMoves(after);
    const [was, is] = [resourcesOf(id, withNamesOfForgotten(before, moves)), resourcesOf(id, after)];
    const unreadable = [...new Set([...was.unreadable, ...is.unreadable])];
    return { id, before, after, moves, pairs: pairResources(was.resources, is.resources, moves), unreadable };
  });
  const renames = diffs.flatMap(({ id, pairs }) =>
    pairs.kept.filter(isMoved).map(({ before, after }) => ({ id, before, after })),
  );
  return renames.length === 0 ? diffs : diffs.map((diff) => withNewAddresses(diff, renames));
}

interface Rename extends Pair {
  readonly id: string;
}

function isMoved({ before, after }: Pair): boolean {
  return addressOf(before) !== addressOf(after);
}

function withNewAddresses(diff: StackDiff, renames: readonly Rename[]): StackDiff {
  const outputs = ({ type, name }: StackResource) => `cross-stack-output-${type}${name}`;
  const rules = renames.flatMap(({ id, before, after }): [string, string][] =>
    id === diff.id
      ? [
          [addressOf(before), addressOf(after)],
          [outputs(before), outputs(after)],
        ]
      : [
          [
            `cross-stack-reference-input-${id}.outputs.${outputs(before)}`,
            `cross-stack-reference-input-${id}.outputs.${outputs(after)}`,
          ],
        ],
  );
  const renamed = <Value>(value: Value) => mapTexts(value, (text) => replaceAll(text, rules));
  const { resource, ...parts } = diff.before;
  return {
    ...diff,
    before: { ...renamed(parts), resource },
    pairs: {
      ...diff.pairs,
      kept: diff.pairs.kept.map(({ before, after }) => ({
        before: { ...before, body: renamed(before.body) },
        after,
      })),
    },
  };
}

/** What refers to the name of an object in Kubernetes that Terraform forgets says the name: the object stays, and is called so. */
function withNamesOfForgotten(before: JsonObject, { forgotten }: Moves): JsonObject {
  const names = new Map(
    [...forgotten].flatMap((address): [string, string][] => {
      const [type = "", name = ""] = address.split(".");
      const [called] = valuesAt(before, ["resource", type, name, "metadata", "name"]);
      return typeof called === "string" && !called.includes("${")
        ? [[`\${${address}.metadata[0].name}`, called]]
        : [];
    }),
  );
  return names.size === 0
    ? before
    : { ...before, resource: mapTexts(own(before, "resource"), (text) => names.get(text) ?? text) };
}

/** Replaces names where they are not the beginning of a longer one; what follows an output's name is part of it. */
function replaceAll(text: string, rules: readonly [string, string][]): string {
  return rules.reduce((done, [from, to]) => {
    const parts = done.split(from);
    if (parts.length === 1) return done;
    return parts.reduce((joined, part) => {
      const longer = !from.includes("cross-stack-output-") && /^[\w-]/.test(part);
      return `${joined}${longer ? from : to}${part}`;
    });
  }, text);
}

// biome-ignore lint/suspicious/noExplicitAny: a value of the same form
function mapTexts(value: any, map: (text: string) => string): any {
  if (typeof value === "string") return map(value);
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, map));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [map(name), mapTexts(each, map)]));
}

/** The resources of a stack, and the places of those that are no blocks by type and name. */
function resourcesOf(stack: string, json: JsonObject) {
  const resources: StackResource[] = [];
  const unreadable: string[] = [];
  const byType = own(json, "resource") ?? {};
  if (!isObject(byType)) return { resources, unreadable: ["resource"] };
  for (const [type, byName] of Object.entries(byType)) {
    if (!isObject(byName)) {
      unreadable.push(`resource.${type}`);
      continue;
    }
    for (const [name, body] of Object.entries(byName)) {
      if (isObject(body)) resources.push(stackResource(stack, type, name, body));
      else unreadable.push(`resource.${type}.${name}`);
    }
  }
  return { resources, unreadable };
}
