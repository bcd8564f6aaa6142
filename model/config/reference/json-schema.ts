import { z } from "zod";
import type { KeyText } from "../key-text";
import { flow } from "../reading/written-yaml";
import { environmentSchema } from "../schema";

/** A part of a JSON Schema; what else it holds is passed on as it is. */
export interface JsonSchema
  extends z.core.JSONSchema.BaseSchema,
    Partial<Pick<KeyText, "omitted" | "later" | "besideExisting">> {}

/** The schema of an environment file as data: JSON Schema, and in it the words that its keys carry. */
export function annotatedSchema(): JsonSchema {
  return z.toJSONSchema(environmentSchema, {
    io: "input",
    target: "draft-7",
    override: ({ zodSchema, jsonSchema }) => addMessages(zodSchema, jsonSchema),
  });
}

/** The JSON Schema of an environment file, as the text of environments/environment.schema.json. */
export function jsonSchemaText(): string {
  const schema = { title: "Environment", ...annotatedSchema() };
  return `${JSON.stringify(schema, (_, part: unknown) => (isDescribed(part) ? forEditors(part) : part), 2)}\n`;
}

/** What it means to leave a key out, in words; undefined when that may not be, or goes without saying. */
export function defaultText({ omitted, default: value }: JsonSchema): string | undefined {
  if (omitted !== undefined || value === undefined) return omitted;
  return Object.keys(Object(value)).length === 0 && typeof value === "object" ? undefined : flow(value);
}

/** Our sentences, which editors show in place of regular expressions and type names. */
function addMessages(schema: z.core.$ZodTypes, json: JsonSchema): void {
  const { def } = schema._zod;
  const patterns = (def.checks ?? []).flatMap(({ _zod: { def: check } }) => {
    const message = messageOf(check);
    if (!("pattern" in check) || !(check.pattern instanceof RegExp) || message === undefined) return [];
    return [{ source: check.pattern.source, message }];
  });
  for (const { source, message } of patterns) {
    const part = [json, ...(json.allOf ?? [])].find(({ pattern }) => pattern === source);
    if (part) part.patternErrorMessage = message;
  }
  const own = messageOf(def) ?? (patterns.length === 1 ? patterns[0]?.message : undefined);
  if (own === undefined) return;
  json.errorMessage = own;
  if (json.pattern !== undefined) json.patternErrorMessage ??= own;
}

function messageOf(def: object): string | undefined {
  if (!("error" in def) || typeof def.error !== "function") return undefined;
  const message: unknown = def.error({});
  return typeof message === "string" ? message : undefined;
}

type Described = JsonSchema & { readonly description: string };

function isDescribed(part: unknown): part is Described {
  return (
    typeof part === "object" && part !== null && "description" in part && typeof part.description === "string"
  );
}

/**
 * A described part as editors want it. Its default stands in the description: as `default` it would be written into the
 * file along with its section, and editors take a single example for what to insert in its place.
 */
function forEditors(part: Described): JsonSchema {
  const { omitted: _, later, besideExisting: __, default: value, examples, ...rest } = part;
  const without = defaultText(part);
  const description = [
    part.description,
    ...(without === undefined ? [] : [`Default: ${without}`]),
    ...(later === undefined ? [] : [later]),
  ].join(". ");
  // Maps are inserted by their required keys and by snippets.
  const [example] = isScalar(value) ? [value] : (examples ?? []);
  return { ...rest, description, ...(isScalar(example) && { examples: [example] }) };
}

function isScalar(value: unknown): boolean {
  return value !== undefined && (typeof value !== "object" || value === null);
}
