import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  visit,
} from "yaml";
import type { Problem } from "./problem";

/** A place in a text: line and column, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** YAML text as plain data, with a way back from any path to its place in the text. */
export interface YamlText {
  readonly data: unknown;
  /** Where a problem is; the nearest enclosing place when the path is not in the text. */
  place(problem: Problem): Place;
  /** A scalar as it is written at this path. */
  source(path: readonly PropertyKey[]): string | undefined;
  /** What the YAML itself got wrong; when there is any, `data` is not to be used. */
  readonly errors: readonly (Place & { readonly message: string })[];
}

/** Reads YAML 1.2 with merge keys (`<<`), and refuses what YAML allows but no one means: two equal keys, tags. */
export function readYaml(text: string): YamlText {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    merge: true,
    prettyErrors: false,
    stringKeys: true,
  });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const errors = [...document.errors, ...document.warnings].map((error) => ({
    ...at(error.pos[0]),
    message: yamlSentence(error.code, error.message),
  }));
  let data: unknown;
  if (errors.length === 0) {
    errors.push(...unusable(document).map(({ node, message }) => ({ ...at(startOf(node) ?? 0), message })));
  }
  if (errors.length === 0) {
    try {
      data = document.toJS({ maxAliasCount: 1000 });
    } catch (error) {
      // Aliases of aliases of aliases: small as text, without end in memory.
      errors.push({
        line: 1,
        column: 1,
        message: `${error instanceof Error ? error.message : error}; write it out`,
      });
    }
  }
  return {
    data,
    errors,
    place: ({ path, onKey }) => at(offsetOf(document, path, onKey ?? false)),
    source: (path) => {
      const node: unknown = document.getIn(path, true);
      return isScalar(node) ? node.source : undefined;
    },
  };
}

/** What is good YAML and cannot become data. */
function unusable(document: Document): { node: unknown; message: string }[] {
  const found: { node: unknown; message: string }[] = [];
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document)) return;
      const message = `the anchor &${alias.source} is not defined above; define it, or write the value out`;
      found.push({ node: alias, message });
    },
    Pair: (_, { key }) => {
      if (!isScalar(key) || key.value !== "__proto__") return;
      // JavaScript reads it as the prototype of the map, and the schema would drop it without a word.
      found.push({ node: key, message: 'the name "__proto__" cannot be used here; choose another' });
    },
  });
  return found;
}

function yamlSentence(code: string, message: string): string {
  const first = message.split("\n")[0] ?? message;
  const sentences: Readonly<Record<string, string>> = {
    DUPLICATE_KEY: "this key is there twice; remove one",
    TAB_AS_INDENT: "a tab indents this line; YAML wants spaces",
    MULTIPLE_DOCS: "a second document starts here (---); an environment is one document",
  };
  return sentences[code] ?? `${first.charAt(0).toLowerCase()}${first.slice(1)} (YAML: ${code})`;
}

function offsetOf(document: Document, path: readonly PropertyKey[], onKey: boolean): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, key] of path.entries()) {
    const pair = pairOf(document, node, key);
    const item: unknown = pair ? pair.value : isSeq(node) ? node.items[Number(key)] : undefined;
    const last = index === path.length - 1;
    const keyOffset = pair && startOf(pair.key);
    const valueOffset = startOf(item);
    const found = last && onKey ? (keyOffset ?? valueOffset) : (valueOffset ?? keyOffset);
    if (found === undefined) return offset;
    // A block collection starts on its first line, below its key: a place inside it is better named by the key.
    offset = pair && !isScalar(item) && keyOffset !== undefined ? keyOffset : found;
    if (isSeq(node) || (last && !onKey && isScalar(item))) offset = found;
    node = resolved(document, item);
  }
  return offset;
}

function pairOf(document: Document, node: unknown, key: PropertyKey): Pair | undefined {
  if (!isMap(node)) return undefined;
  const own = node.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
  if (own) return own;
  for (const merge of node.items.filter((pair) => isScalar(pair.key) && pair.key.source === "<<")) {
    const value = resolved(document, merge.value);
    const sources: readonly unknown[] = isSeq(value) ? value.items : [value];
    for (const source of sources) {
      const found = pairOf(document, resolved(document, source), key);
      if (found) return found;
    }
  }
  return undefined;
}

function resolved(document: Document, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
