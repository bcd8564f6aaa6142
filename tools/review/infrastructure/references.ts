import { isObject, type JsonObject, own } from "./differences";

/** Something in a stack that can be referred to; as text it is unique among all stacks. */
export const referred = {
  /** An attribute of a resource; of a whole resource the empty one. */
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
    if (first === "local") return [{ to: referred.local(stack, second) }];
    if (first === "data") {
      const [, producer] = CROSS_STACK.exec(third) ?? [];
      const source = { to: referred.data(stack, second, third) };
      return producer !== undefined && fourth === "outputs"
        ? [source, { to: referred.output(producer, fifth) }]
        : [source];
    }
    const address = `${first}.${second}`;
    const resource = { address, attribute: third };
    return [{ to: referred.attribute(stack, address, third), resource }];
  });
}

/** Whether a resource that is made anew has an attribute as before: it is given, and is no reference. */
export function staysTheSame(before: JsonObject, after: JsonObject, attribute: string): boolean {
  const value = own(after, attribute);
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return false;
  return value === own(before, attribute) && !String(value).includes("${");
}
