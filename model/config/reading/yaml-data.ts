import {
  type Alias,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type YAMLMap,
} from "yaml";
import { quote } from "../../../lib/nearest";

/** A node that cannot become data, and why. */
export interface NodeError {
  readonly node: unknown;
  readonly message: string;
}

/** The data of a YAML document. */
export interface YamlData {
  readonly data: unknown;
  readonly errors: readonly NodeError[];
  /** What each alias stands for. */
  readonly targets: ReadonlyMap<Alias, Node>;
}

/** Deepest nesting; an environment file has six levels. */
const MAX_DEPTH = 50;

/** Most values, aliases written out; a file of the largest size holds half of it without any. */
const MAX_VALUES = 1_000_000;

/**
 * Turns YAML nodes into plain data, where the parser's own conversion would not say where it fails, take equal keys of
 * JavaScript's own (`__proto__`) for something else, run in circles, and compare every key of a map with every other.
 */
export function yamlData(contents: unknown): YamlData {
  const reader = new Reader();
  const data = reader.value(contents, 0);
  return { data, errors: reader.errors, targets: reader.targets };
}

class Reader {
  readonly errors: NodeError[] = [];
  readonly targets = new Map<Alias, Node>();
  readonly #anchors = new Map<string, Node>();
  readonly #open = new Set<unknown>();
  #values = 0;
  /** The aliases whose targets are being read, from the outermost. */
  readonly #aliases: Alias[] = [];

  value(node: unknown, depth: number): unknown {
    if (this.#values > MAX_VALUES) return null;
    if (++this.#values > MAX_VALUES) {
      const [outermost = node] = this.#aliases;
      return this.#refuse(outermost, `with this alias the file has over ${MAX_VALUES} values; write fewer`);
    }
    if (isAlias(node)) return this.#aliased(node, depth);
    // Inside an alias the anchors are those of its target, and a later one may have taken their name by now.
    if (isNode(node) && node.anchor && this.#aliases.length === 0) this.#anchors.set(node.anchor, node);
    if (isScalar(node)) return node.value;
    if (!isCollection(node)) return null;
    if (depth === MAX_DEPTH) {
      return this.#refuse(
        node,
        "lists and maps are nested too deeply; an environment file needs no more than six levels",
      );
    }
    this.#open.add(node);
    const value = isMap(node)
      ? Object.fromEntries(this.#entries(node, depth))
      : isSeq(node) && node.items.map((item) => this.value(item, depth + 1));
    this.#open.delete(node);
    return value;
  }

  #aliased(alias: Alias, depth: number): unknown {
    const target = this.targets.get(alias) ?? this.#anchors.get(alias.source);
    if (!target) {
      return this.#refuse(
        alias,
        `the anchor &${alias.source} is not defined above; define it, or write the value out`,
      );
    }
    if (this.#open.has(target)) {
      return this.#refuse(alias, `the anchor &${alias.source} would contain itself; write the value out`);
    }
    this.targets.set(alias, target);
    this.#aliases.push(alias);
    const value = this.value(target, depth);
    this.#aliases.pop();
    return value;
  }

  /** The entries of a map; those of its own come after those it merges (`<<`), and so win. */
  #entries(map: YAMLMap, depth: number): (readonly [string, unknown])[] {
    const merged: (readonly [string, unknown])[] = [];
    const own = new Map<string, unknown>();
    for (const { key, value } of map.items) {
      const name = isScalar(key) ? String(key.value) : "";
      if (own.has(name)) this.#refuse(key, `the key ${quote(name)} is there twice; remove one`);
      // JavaScript reads it as the prototype of the map, and the schema would drop it without a word.
      if (name === "__proto__") this.#refuse(key, 'the name "__proto__" cannot be used here; choose another');
      if (isMergeKey(key)) merged.push(...this.#merged(value, depth));
      else own.set(name, this.value(value, depth + 1));
    }
    return [...merged, ...own];
  }

  #merged(source: unknown, depth: number): (readonly [string, unknown])[] {
    const before = this.errors.length;
    const found = this.value(source, depth);
    if (this.errors.length > before) return [];
    // Of several maps the first that has a key wins.
    const maps: readonly unknown[] = Array.isArray(found) ? found.toReversed() : [found];
    return maps.flatMap((part) => {
      if (typeof part === "object" && part !== null && !Array.isArray(part)) return Object.entries(part);
      this.#refuse(source, "<< takes a map or a list of maps, such as *anchor; write the keys out");
      return [];
    });
  }

  #refuse(node: unknown, message: string): null {
    this.errors.push({ node, message });
    return null;
  }
}

/** Whether a key is `<<`, not in quotes. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.source === "<<" && key.type === "PLAIN";
}
