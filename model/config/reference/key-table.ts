import { defaultText, type JsonSchema } from "./json-schema";

/** The keys of one map of the environment file. */
export interface KeyGroup {
  /** The map's keys from the top of the file, `<…>` for a name of the user's. */
  readonly path: string;
  readonly schema: JsonSchema;
  readonly keys: readonly Key[];
}

interface Key {
  /** Within the map. */
  readonly name: string;
  readonly schema: JsonSchema;
  /** Whether it must be there, and when. */
  readonly required?: string;
}

/** The keys of a map; a map whose names are the user's is followed by its entry. */
export function keysOf(schema: JsonSchema): Key[] {
  const maps = [schema, ...(schema.anyOf ?? [])].filter(isSchema);
  return maps.flatMap((map) =>
    Object.entries(map.properties ?? {}).flatMap(([name, part]): Key[] => {
      if (!isSchema(part)) return [];
      const when = map === schema ? "**required**" : `**required** if ${map.title}`;
      const required = map.required?.includes(name) ? { required: when } : {};
      return [{ name, schema: part, ...required }, ...entry(name, part)];
    }),
  );
}

/** Every map below a schema that has keys, at whatever depth, in the order of the schema. */
export function keyGroups(schema: JsonSchema, path?: string): KeyGroup[] {
  return keysOf(schema).flatMap((key) => {
    const at = path === undefined ? key.name : `${path}.${key.name}`;
    const keys = keysOf(key.schema);
    return keys.length === 0 ? [] : [{ path: at, schema: key.schema, keys }, ...keyGroups(key.schema, at)];
  });
}

/** A Markdown table of keys. */
export function keyTable(keys: readonly Key[]): string {
  const rows = keys.map(({ name, schema, required }) => {
    const without = schema.omitted === undefined ? code(defaultText(schema)) : markdown(schema.omitted);
    return `| \`${name}\` | ${meaning(schema)} | ${required ?? without} |`;
  });
  return ["| Key | Meaning | Default |", "|---|---|---|", ...rows, ""].join("\n");
}

/** Text in a cell or line of Markdown: what is not meant as markup is shown as it is. */
export function markdown(text: string): string {
  return text.replace(/[<|*_\\]/g, (character) => (character === "<" ? "&lt;" : `\\${character}`));
}

function entry(name: string, { additionalProperties: value, propertyNames: names }: JsonSchema): Key[] {
  const title = isSchema(names) && names.title ? names.title : "name";
  return isSchema(value) ? [{ name: `${name}.<${title}>`, schema: value }] : [];
}

/** What a key is, what it may be, and what else is to be known of it. */
function meaning(schema: JsonSchema): string {
  const { description, later, besideExisting, propertyNames } = schema;
  const names = isSchema(propertyNames) ? rule(propertyNames) : undefined;
  return [
    description && markdown(description),
    allowed(schema),
    names && markdown(`Names ${names}`),
    later && markdown(later),
    besideExisting && "Applies beside `existing` too",
  ]
    .filter((sentence) => typeof sentence === "string")
    .map((sentence) => `${sentence}.`)
    .join(" ");
}

/** What a value may be; of alternatives the description says it. */
function allowed(schema: JsonSchema): string | undefined {
  const { enum: values, enumDescriptions: texts, items } = schema;
  if (schema.anyOf) return undefined;
  if (values && !schema.errorMessage) {
    return Array.isArray(texts)
      ? `One of ${values.map((value, index) => `${code(value)}: ${markdown(String(texts[index]))}`).join("; ")}`
      : `One of ${values.map(code).join(", ")}`;
  }
  if (schema.type === "boolean") return "`true` or `false`";
  if (isSchema(items)) {
    const each = rule(items);
    return markdown(
      `A list${schema.minItems ? ` of at least ${schema.minItems}` : ""}${each ? `; each ${each}` : ""}`,
    );
  }
  const must = rule(schema);
  return must && markdown(must.charAt(0).toUpperCase() + must.slice(1));
}

/** `must …`, by all patterns of a text or by the schema's own sentence. */
function rule(schema: JsonSchema): string | undefined {
  const parts = [schema, ...(schema.allOf ?? [])].map(
    (part) => part.patternErrorMessage ?? part.errorMessage,
  );
  const sentences = parts.filter((part) => typeof part === "string");
  return sentences.length > 0 ? [...new Set(sentences)].join(", and ") : undefined;
}

function code(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "number" ? String(value) : `\`${String(value)}\``;
}

function isSchema(part: unknown): part is JsonSchema {
  return typeof part === "object" && part !== null && !Array.isArray(part);
}
