import { type ResolveOptions, Tokenization } from "cdktf";

/** How cdktf writes a token into a text, and how JavaScript writes a number that stands for one, such as -1.9e+289. */
const TOKEN = /TfToken\[|\de\+\d/;

const byCdktf = Tokenization.resolve;

/**
 * Makes cdktf look once at what has no tokens in it. It resolves everything three times (to find references to other stacks, to
 * write each element, to write the stack), and tries three expressions on every text and key: with 1,000 services that is half
 * of the time of a synthesis (`npm run bench`). What is or holds a token is still cdktf's to resolve.
 */
export function resolvePlainValues(): void {
  Tokenization.resolve = resolved;
}

function resolved(value: unknown, options: ResolveOptions): unknown {
  switch (typeof value) {
    case "string":
      return TOKEN.test(value) ? byCdktf(value, options) : value;
    case "boolean":
    case "undefined":
      return value;
    case "object":
      if (value === null) return value;
      if (Array.isArray(value)) return resolvedList(value, options);
      return isPlain(value) ? resolvedMap(value, options) : byCdktf(value, options);
    default:
      return byCdktf(value, options);
  }
}

function resolvedList(list: readonly unknown[], options: ResolveOptions): unknown {
  // A list of one text or number may be a token for a list.
  const [only] = list;
  if (list.length === 1 && (typeof only === "number" || (typeof only === "string" && TOKEN.test(only)))) {
    return byCdktf(list, options);
  }
  return list.map((item) => resolved(item, options)).filter((item) => item !== undefined);
}

function resolvedMap(map: object, options: ResolveOptions): unknown {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(map)) {
    // A map of one key may be a token for a map.
    if (TOKEN.test(key)) return byCdktf(map, options);
    const item = resolved(value, options);
    if (item !== undefined) result[key] = item;
  }
  return result;
}

/** Whether an object is a map of values, and neither a token nor anything else that cdktf knows. */
function isPlain(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype && !("resolve" in value);
}
