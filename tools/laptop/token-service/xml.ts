/** An element's text, or its children by name. */
export type XmlContent = string | { readonly [name: string]: XmlContent };

/** Writes an element, with all that it holds escaped. */
export function xml(name: string, content: XmlContent, namespace?: string): string {
  const inner =
    typeof content === "string"
      ? escaped(content)
      : Object.entries(content)
          .map(([child, value]) => xml(child, value))
          .join("");
  return `<${name}${namespace === undefined ? "" : ` xmlns="${escaped(namespace)}"`}>${inner}</${name}>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  // A parser would turn it into a line feed.
  "\r": "&#13;",
};

/** What XML 1.0 cannot hold at all, not even as an entity: a parser would refuse the whole document. */
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

function escaped(text: string): string {
  return text.replace(NOT_XML, "\ufffd").replace(/[&<>"'\r]/g, (c) => ENTITIES[c] ?? c);
}
