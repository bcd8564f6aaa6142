import {
  type Alias,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
} from "yaml";
import { isMergeKey } from "./yaml-data";

/** Finds where in a YAML document a path is, through aliases and merge keys, to where the text is written. */
export class Places {
  readonly #pairs = new Map<YAMLMap, ReadonlyMap<unknown, Pair>>();

  constructor(
    private readonly contents: unknown,
    private readonly targets: ReadonlyMap<Alias, Node>,
  ) {}

  /** The offset of a path's value, or of its last key; of the nearest enclosing place when it is not in the text. */
  offset(path: readonly PropertyKey[], onKey: boolean): number {
    let node: unknown = this.#resolved(this.contents);
    let offset = startOf(node) ?? 0;
    for (const [index, key] of path.entries()) {
      const { pair, item } = this.#step(node, key);
      const last = index === path.length - 1;
      const keyOffset = pair && startOf(pair.key);
      const valueOffset = startOf(item);
      const found = last && onKey ? (keyOffset ?? valueOffset) : (valueOffset ?? keyOffset);
      if (found === undefined) return offset;
      // A block collection starts on its first line, below its key: a place inside it is better named by the key.
      offset = pair && !isScalar(item) && keyOffset !== undefined ? keyOffset : found;
      if (isSeq(node) || (last && !onKey && isScalar(item))) offset = found;
      node = this.#resolved(item);
    }
    return offset;
  }

  /** The scalar at a path as it is written; undefined when there is none. */
  source(path: readonly PropertyKey[]): string | undefined {
    const node = path.reduce<unknown>(
      (parent, key) => this.#resolved(this.#step(parent, key).item),
      this.#resolved(this.contents),
    );
    return isScalar(node) ? node.source : undefined;
  }

  #step(node: unknown, key: PropertyKey): { readonly pair?: Pair; readonly item: unknown } {
    const pair = this.#pair(node, key);
    if (pair) return { pair, item: pair.value };
    return { item: isSeq(node) ? node.items[Number(key)] : undefined };
  }

  #pair(node: unknown, key: PropertyKey): Pair | undefined {
    if (!isMap(node)) return undefined;
    const own = this.#own(node).get(key);
    if (own) return own;
    for (const merge of node.items.filter((pair) => isMergeKey(pair.key))) {
      const value = this.#resolved(merge.value);
      const sources: readonly unknown[] = isSeq(value) ? value.items : [value];
      for (const source of sources) {
        const found = this.#pair(this.#resolved(source), key);
        if (found) return found;
      }
    }
    return undefined;
  }

  #own(map: YAMLMap): ReadonlyMap<unknown, Pair> {
    const known = this.#pairs.get(map);
    if (known) return known;
    const pairs = new Map(
      map.items.map((pair): [unknown, Pair] => [isScalar(pair.key) ? pair.key.value : undefined, pair]),
    );
    this.#pairs.set(map, pairs);
    return pairs;
  }

  #resolved(node: unknown): unknown {
    return isAlias(node) ? this.targets.get(node) : node;
  }
}

/** Where a node starts in the text. */
export function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
