import { isObject, type JsonObject, own } from "./differences";

/** What a stack says about resources that are already there. */
export interface Moves {
  /** `moved`: former address → address. */
  readonly moved: ReadonlyMap<string, string>;
  /** `removed` without destroying: addresses that Terraform forgets. */
  readonly forgotten: ReadonlySet<string>;
  /** `import`: address → id of what Terraform takes over. */
  readonly imported: ReadonlyMap<string, string>;
  /** Instances of a resource that moved: its address → name before → name after, or the address in another resource. */
  readonly instances: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** Reads the `moved`, `removed` and `import` blocks of a stack. Blocks of another form count for nothing: see parts.ts. */
export function readMoves(stack: JsonObject): Moves {
  const moved = new Map<string, string>();
  const instances = new Map<string, Map<string, string>>();
  for (const { from, to } of blocks(stack, "moved")) {
    if (typeof from !== "string" || typeof to !== "string") continue;
    const [left, right] = [instanceOf(from), instanceOf(to)];
    if (left && right && left.address === right.address) {
      const known = instances.get(left.address) ?? new Map<string, string>();
      instances.set(left.address, known.set(left.name, right.name));
    } else if (left && right) {
      const known = instances.get(left.address) ?? new Map<string, string>();
      instances.set(left.address, known.set(left.name, to));
    } else {
      moved.set(from, to);
    }
  }
  const forgotten = blocks(stack, "removed").filter(
    ({ lifecycle }) => isObject(lifecycle) && own(lifecycle, "destroy") === false,
  );
  return {
    moved,
    instances,
    forgotten: new Set(forgotten.map(({ from }) => String(from))),
    imported: new Map(blocks(stack, "import").map(({ to, id }) => [String(to), String(id)])),
  };
}

/** The blocks of a part that may come more than once. */
export function blocks(stack: JsonObject, part: string): JsonObject[] {
  const value = own(stack, part);
  return (Array.isArray(value) ? value : [value]).filter(isObject);
}

/** The instance that an address with a name in brackets is of. */
function instanceOf(address: string): { address: string; name: string } | undefined {
  const [, resource, json] = /^([\w-]+\.[\w-]+)\[(".*")\]$/.exec(address) ?? [];
  if (resource === undefined || json === undefined) return undefined;
  try {
    return { address: resource, name: String(JSON.parse(json)) };
  } catch {
    return undefined;
  }
}
