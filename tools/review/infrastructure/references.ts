import { isDeepStrictEqual } from "node:util";
import { isObject, type JsonObject, valuesAt } from "./differences";

/** Something in a stack that can be referred to; as text it is unique among all stacks. */
export const referred = {
  /** What is at a path in a resource, with dots between; of a whole resource the empty one. */
  attribute: (stack: string, resource: string, attribute: string) => `${stack} ${resource} ${attribute}`,
  local: (stack: string, name: string) => `${stack} local.${name}`,
  data: (stack: string, type: string, name: string) => `${stack} data.${type}.${name}`,
  output: (stack: string, name: string) => `${stack} output.${name}`,
};

/** A reference, and where it is. */
export interface Reference {
  readonly path: readonly string[];
  /** What is {@link referred} to. */
  readonly to: string;
  /** The address of the resource, and the attribute of it. @default it is no resource */
  readonly resource?: { readonly address: string; readonly attribute: string };
}

/** What cdktf calls the data source that reads the outputs of another stack. */
const CROSS_STACK = /^cross-stack-reference-input-(.*)$/;

/** Names with dots between: what references are made of. */
const REFERENCE = /[A-Za-z_][\w-]*(?:\.[\w-]+|\[[^\]]*\])+/g;

/** All references in a value, with the keys on the way to them. */
export function referencesIn(stack: string, value: unknown, path: readonly string[] = []): Reference[] {
  if (typeof value === "string") {
    return value.includes("${") ? inText(stack, value).map((each) => ({ ...each, path })) : [];
  }
  if (Array.isArray(value)) return value.flatMap((each) => referencesIn(stack, each, path));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, each]) => referencesIn(stack, each, [...path, name]));
}

function inText(stack: string, text: string): Omit<Reference, "path">[] {
  return [...text.matchAll(REFERENCE)].flatMap(([reference]): Omit<Reference, "path">[] => {
    const keys = reference.replace(/\[[^\]]*\]/g, "").split(".");
    const [first = "", second = "", third = "", fourth, fifth = ""] = keys;
    const rest = keys.slice(2).join(".");
    if (first === "local") return [{ to: referred.local(stack, second) }];
    if (first === "data") {
      const [, producer] = CROSS_STACK.exec(third) ?? [];
      const source = { to: referred.data(stack, second, third) };
      return producer !== undefined && fourth === "outputs"
        ? [source, { to: referred.output(producer, fifth) }]
        : [source];
    }
    const address = `${first}.${second}`;
    const resource = { address, attribute: rest };
    return [{ to: referred.attribute(stack, address, rest), resource }];
  });
}

/** Whether a resource that is made anew has an attribute as before: it is given, and is no reference. */
export function staysTheSame(before: JsonObject, after: JsonObject, attribute: string): boolean {
  const path = attribute.split(".");
  const [was, is] = [valuesAt(before, path), valuesAt(after, path)];
  const given = is.length > 0 && is.every((value) => typeof value !== "object");
  return given && isDeepStrictEqual(was, is) && !is.some((value) => String(value).includes("${"));
}
