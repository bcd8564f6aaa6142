import { isObject, type JsonObject, valuesAt } from "./differences";
import type { Moves } from "./moves";
import { addressOf, type StackResource } from "./resource";
import { resourceType, words } from "./types/fate";

/** How the resources of a stack before and after belong together. */
export interface Pairs {
  /** The same to Terraform: at the same address, or moved. */
  readonly kept: readonly Pair[];
  /** The same to people, and not to Terraform: destroyed at one address and made anew at another. */
  readonly renamed: readonly Pair[];
  readonly added: readonly StackResource[];
  readonly removed: readonly StackResource[];
}

/** A resource on both sides. */
export interface Pair {
  readonly before: StackResource;
  readonly after: StackResource;
}

/** Finds for every resource of one side its other on the other side. */
export function pairResources(
  before: readonly StackResource[],
  after: readonly StackResource[],
  moves: Moves,
): Pairs {
  const now = new Map(after.map((resource) => [addressOf(resource), resource]));
  const was = new Map(before.map((resource) => [addressOf(resource), resource]));
  const taken = new Set<StackResource>();
  const kept: Pair[] = [];
  const gone: StackResource[] = [];
  for (const resource of before) {
    const other = now.get(addressOf(resource)) ?? movedTo(resource, now, was, moves);
    if (other) {
      kept.push({ before: resource, after: other });
      taken.add(other);
    } else {
      gone.push(resource);
    }
  }
  const come = after.filter((resource) => !taken.has(resource));
  return { kept, ...renamedOnes(gone, come) };
}

/** Where a resource went, by a block that Terraform follows: what is moved is nowhere any more, and nothing was there. */
function movedTo(
  resource: StackResource,
  now: ReadonlyMap<string, StackResource>,
  was: ReadonlyMap<string, StackResource>,
  { moved, forgotten, imported }: Moves,
): StackResource | undefined {
  const from = addressOf(resource);
  const other = now.get(moved.get(from) ?? "");
  if (other?.type === resource.type && !was.has(addressOf(other))) return other;
  // Forgotten at one address and taken over at another comes to the same, when both have the same name.
  if (!forgotten.has(from)) return undefined;
  return [...imported.keys()]
    .map((to) => now.get(to))
    .find((each) => each && !was.has(addressOf(each)) && sameName(resource, each));
}

function sameName(left: StackResource, right: StackResource): boolean {
  const name = nameOf(left);
  return name !== undefined && name === nameOf(right);
}

function renamedOnes(gone: readonly StackResource[], come: readonly StackResource[]): Omit<Pairs, "kept"> {
  const renamed: Pair[] = [];
  const free = new Set(come);
  const left = new Set(gone);
  for (const by of [nameOf, shapeOf]) {
    const candidates = new Map<string | undefined, StackResource[]>();
    for (const resource of left.size > 0 ? free : []) {
      const name = by(resource);
      const group = candidates.get(name) ?? [];
      group.push(resource);
      candidates.set(name, group);
    }
    for (const resource of left) {
      const name = by(resource);
      const other = name === undefined ? undefined : candidates.get(name)?.shift();
      if (!other) continue;
      free.delete(other);
      left.delete(resource);
      renamed.push({ before: resource, after: other });
    }
  }
  return {
    renamed,
    added: come.filter((each) => free.has(each)),
    removed: gone.filter((each) => left.has(each)),
  };
}

/** What AWS, Kubernetes or PostgreSQL knows a resource by; undefined when the file gives it no name. */
function nameOf({ type, body }: StackResource): string | undefined {
  const values = words(resourceType(type)?.names).map((path) => valuesAt(body, path));
  return values.some((value) => value.length > 0) ? JSON.stringify([type, values]) : undefined;
}

/** What a resource is but for what it refers to; undefined when nothing is left that tells it from others. */
function shapeOf({ type, body }: StackResource): string | undefined {
  const { depends_on: _, lifecycle: __, tags: ___, ...rest } = body;
  let tells = false;
  const shape = JSON.stringify(rest, (_key, value) => {
    if (typeof value !== "string") return isObject(value) ? inOrder(value) : value;
    const said = value.replace(/\$\{[^}]*\}/g, "${}");
    tells ||= said.replaceAll("${}", "") !== "";
    return said;
  });
  return tells ? `${type} ${shape}` : undefined;
}

function inOrder(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).sort(([left], [right]) => (left < right ? -1 : 1)));
}
