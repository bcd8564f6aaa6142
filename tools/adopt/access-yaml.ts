import { Document, isMap, isScalar, isSeq, type Pair, visit, type YAMLMap } from "yaml";
import { terminalText } from "../../lib/terminal-text";
import type { Proposal } from "./proposal";

/**
 * The proposed section with its comments, as a map with the one key `access`; for `YAML.Document.set` of an environment
 * file that has none.
 */
export function accessDocument({ access, comments }: Proposal): Document {
  const document = new Document({ access });
  for (const { path, text } of comments) comment(document, path, text);
  // As people write it: lists and grants on one line, keys below one another.
  visit(document, {
    Pair: (_, { key, value }) => {
      if (isSeq(value) && value.items.every(isScalar)) value.flow = true;
      if (isMap(value) && isScalar(key) && key.value === "grants") value.flow = true;
    },
  });
  return document;
}

/** The same as text. */
export function accessYaml(proposal: Proposal): string {
  const written = accessDocument(proposal).toString({ lineWidth: 0, flowCollectionPadding: true });
  return written.replace(/\[ (.*) \]$/gm, "[$1]");
}

/** Puts a comment before a key; one that is not there has none. */
function comment(document: Document, path: readonly string[], text: string): void {
  const parent: unknown = document.getIn(["access", ...path.slice(0, -1)]);
  if (!isMap(parent)) return;
  const pair = pairOf(parent, path.at(-1));
  if (pair && isScalar(pair.key)) {
    // Names in it are as people made them.
    pair.key.commentBefore = ` ${terminalText(text)}`;
  }
}

function pairOf(map: YAMLMap<unknown, unknown>, key: string | undefined): Pair<unknown, unknown> | undefined {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}
