import { isBlock } from "./resource-keys";

/** Whether a policy may let somebody log in to a database. One that cannot be read may. */
export function allowsConnect(policy: unknown): boolean {
  if (typeof policy !== "string") return true;
  try {
    const { Statement }: { readonly Statement?: unknown } = JSON.parse(policy);
    return list(Statement).some(mayAllow);
  } catch {
    return true;
  }
}

function mayAllow(statement: unknown): boolean {
  if (!isBlock(statement)) return true;
  if (statement.Effect === "Deny") return false;
  return list(statement.Action).some(
    (action) => typeof action !== "string" || covers(action.toLowerCase(), "rds-db:connect"),
  );
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** Whether a pattern with `*` and `?` is for a text. */
function covers(pattern: string, text: string): boolean {
  let ends = [0];
  for (const char of pattern) {
    if (char === "*") {
      const [first = text.length + 1] = ends;
      ends = Array.from({ length: text.length + 1 - first }, (_, index) => first + index);
    } else {
      ends = ends
        .filter((end) => end < text.length && (char === "?" || char === text[end]))
        .map((end) => end + 1);
    }
  }
  return ends.includes(text.length);
}
