import { LineCounter, parseDocument } from "yaml";
import type { Problem } from "../problem";
import { Places, startOf } from "./places";
import { yamlData } from "./yaml-data";
import { parserErrors, refusedCharacter, type YamlError } from "./yaml-errors";

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

/** Reads YAML 1.2 with merge keys (`<<`), and refuses what YAML allows but no one means: equal keys, tags. */
export function readYaml(text: string): YamlText {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    // They are found in yamlData, which does not compare every key with every other.
    uniqueKeys: false,
  });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const placed = (errors: readonly YamlError[]) =>
    errors.map(({ offset, message }) => ({ ...at(offset), message }));
  const refused = refusedCharacter(text);
  const wrong = refused
    ? [refused]
    : parserErrors([...document.errors, ...document.warnings], (offset) => at(offset).line);
  const read = wrong.length === 0 ? yamlData(document.contents) : undefined;
  const places = new Places(document.contents, read?.targets ?? new Map());
  return {
    data: read?.data,
    errors: placed([
      ...wrong,
      ...(read?.errors ?? []).map(({ node, message }) => ({ offset: startOf(node) ?? 0, message })),
    ]),
    place: ({ path, onKey = false }) => at(places.offset(path, onKey)),
    source: (path) => places.source(path),
  };
}
