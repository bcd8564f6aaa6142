import { quote } from "../../../lib/nearest";

/** `key: value` as a person would write it in a file, on one line. */
export function asWritten(key: PropertyKey, value: unknown): string {
  return `${String(key)}: ${flow(value)}`;
}

/** A value as a person would write it in a file, on one line. */
export function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (isMap(value)) {
    const entries = Object.entries(value).map(([key, item]) => asWritten(key, item));
    return entries.length > 0 ? `{ ${entries.join(", ")} }` : "{}";
  }
  return typeof value === "string" && !isPlain(value) ? quote(value) : String(value);
}

/** A map as a person would write it in a file: a line for each key, and for what is short no more. */
export function block(map: object, indent = ""): string {
  return Object.entries(map)
    .map(([key, value]) => {
      const inner = isMap(value) && (indent === "" || !isShort(value));
      const written = inner ? `${key}:\n${block(value, `${indent}  `)}` : `${asWritten(key, value)}\n`;
      return `${indent}${written}`;
    })
    .join("");
}

/** Longest map that stays on one line. */
const MOST = 60;

function isShort(map: object): boolean {
  return flow(map).length <= MOST && !Object.values(map).some((value) => typeof value === "object");
}

function isMap(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether YAML reads it as this text when it stands without quotes, in a list or map as well. */
function isPlain(text: string): boolean {
  if (/^(true|false|null)$/i.test(text) || text.includes(": ")) return false;
  return /^[A-Za-z](?:[\w .:/@-]*[\w/@-])?$|^\d+\.(?:\d+\.\d|[a-z]{2})[\w./:-]*$/.test(text);
}
