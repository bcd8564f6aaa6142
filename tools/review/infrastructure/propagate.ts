import { differences, isObject, type JsonObject, own, touches } from "./differences";
import { isIgnored } from "./ignored";
import { referencesIn, referred, staysTheSame } from "./references";
import { addressOf, type StackResource, subjectOf } from "./resource";
import type { StackDiff } from "./stack-diff";
import { fateOf } from "./types/fate";

/** Why a resource is replaced without a change of its own: an attribute refers to something that is another. */
export interface Cause {
  readonly attribute: string;
  /** What it refers to, as people call it. */
  readonly label: string;
}

/** Who refers to something: a resource at a path, or a local or an output. */
type Dependent =
  | { readonly resource: StackResource; readonly path: readonly string[] }
  | { readonly named: string };

/** Who refers to what, in the stacks as they will be. */
interface Dependents {
  readonly of: ReadonlyMap<string, readonly Dependent[]>;
  /** Attributes that anybody refers to, by stack and address. */
  readonly attributes: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Resources that are replaced without a change of their own: an attribute that forces replacement refers to what is another
 * now, be it through locals, outputs and other stacks.
 * @param replaced those that are replaced by a change of their own
 */
export function replacedByReference(
  stacks: readonly StackDiff[],
  replaced: readonly StackResource[],
): ReadonlyMap<StackResource, Cause> {
  const causes = new Map<StackResource, Cause>();
  const changed = stacks.flatMap(changedReferences);
  if (replaced.length === 0 && changed.length === 0) return causes;
  const dependents = dependentsIn(stacks);
  const before = new Map(
    stacks.flatMap(({ pairs }) => pairs.kept.map((pair) => [pair.after, pair.before.body])),
  );
  const seen = new Set<string>();
  /** What anybody refers to of a resource, at a path or in or around what is there. */
  const referredTo = (resource: StackResource) => [...(dependents.attributes.get(placeOf(resource)) ?? [])];
  const touched = (resource: StackResource, path: readonly string[]) =>
    referredTo(resource)
      .filter((attribute) => touches(attribute.split("."), path))
      .map((attribute) => ({ to: attributeOf(resource, attribute), label: subjectOf(resource) }));
  const todo = changed.flatMap((each) => ("to" in each ? [each] : touched(each.resource, each.path)));
  const madeAnew = (resource: StackResource): void => {
    const was = before.get(resource) ?? {};
    for (const attribute of referredTo(resource)) {
      if (staysTheSame(was, resource.body, attribute)) continue;
      todo.push({ to: attributeOf(resource, attribute), label: subjectOf(resource) });
    }
  };
  for (const resource of replaced) madeAnew(resource);
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { to, label } = next;
    if (seen.has(to)) continue;
    seen.add(to);
    for (const dependent of dependents.of.get(to) ?? []) {
      if ("named" in dependent) {
        todo.push({ to: dependent.named, label });
        continue;
      }
      const { resource, path } = dependent;
      // What is new is made in any case, and what is replaced by its own change has passed that on.
      if (!before.has(resource) || isIgnored(resource.body, path)) continue;
      if (fateOf(resource.type, path) !== "replaced") {
        todo.push(...touched(resource, path).map(({ to }) => ({ to, label })));
      } else if (!causes.has(resource)) {
        causes.set(resource, { attribute: path.join("."), label });
        madeAnew(resource);
      }
    }
  }
  for (const resource of replaced) causes.delete(resource);
  return causes;
}

/** Something that says something else than before, and can be referred to. */
type Changed =
  | { readonly to: string; readonly label: string }
  | { readonly resource: StackResource; readonly path: readonly string[] };

/** What of a stack says something else than before. */
function changedReferences({ id, before, after, pairs }: StackDiff): Changed[] {
  const parts = [
    ["locals", 1, (name: string) => referred.local(id, name)],
    ["output", 1, (name: string) => referred.output(id, name)],
    ["data", 2, (type: string, name: string) => referred.data(id, type, name)],
  ] as const;
  const named = parts.flatMap(([part, deep, reference]) =>
    differences(own(before, part), own(after, part)).map(({ path }) => {
      const [first = "", second = ""] = path;
      return { to: reference(first, second), label: `${id} ${[part, ...path.slice(0, deep)].join(".")}` };
    }),
  );
  const attributes = pairs.kept.flatMap((pair) =>
    differences(pair.before.body, pair.after.body).map(({ path }) => ({ resource: pair.after, path })),
  );
  // What a stack publishes for people nobody refers to.
  return [
    ...named.filter(({ to }) => !to.includes(" output.") || to.includes(" output.cross-stack-output-")),
    ...attributes,
  ];
}

function dependentsIn(stacks: readonly StackDiff[]): Dependents {
  const of = new Map<string, Dependent[]>();
  const attributes = new Map<string, Set<string>>();
  const add = (stack: string, value: unknown, dependent: (path: readonly string[]) => Dependent) => {
    for (const { to, resource, path } of referencesIn(stack, value)) {
      const known = of.get(to) ?? [];
      known.push(dependent(path));
      of.set(to, known);
      if (!resource) continue;
      const place = `${stack} ${resource.address}`;
      attributes.set(place, (attributes.get(place) ?? new Set()).add(resource.attribute));
    }
  };
  const part = (stack: JsonObject, name: string) => {
    const value = own(stack, name);
    return Object.entries(isObject(value) ? value : {});
  };
  for (const { id, after, pairs } of stacks) {
    for (const [name, value] of part(after, "locals")) {
      add(id, value, () => ({ named: referred.local(id, name) }));
    }
    for (const [name, value] of part(after, "output")) {
      add(id, value, () => ({ named: referred.output(id, name) }));
    }
    for (const [type, sources] of part(after, "data")) {
      for (const [name, value] of Object.entries(isObject(sources) ? sources : {})) {
        add(id, value, () => ({ named: referred.data(id, type, name) }));
      }
    }
    for (const { after: resource } of pairs.kept) {
      add(id, resource.body, (path) => ({ resource, path }));
    }
  }
  return { of, attributes };
}

function placeOf(resource: StackResource): string {
  return `${resource.stack} ${addressOf(resource)}`;
}

function attributeOf(resource: StackResource, attribute: string): string {
  return referred.attribute(resource.stack, addressOf(resource), attribute);
}
