import { z } from "zod";
import { quote, suggestion } from "../../lib/nearest";
import type { Problem } from "./problem";

type Issue = z.core.$ZodIssue;

/** Reads a scalar as it is written in the file: `1.30` is the number 1.3 by the time the schema sees it. */
export type TextAt = (path: readonly PropertyKey[]) => string | undefined;

/** Turns what the schema found into problems a person can act on. */
export function schemaProblems(
  schema: z.ZodType,
  issues: readonly Issue[],
  input: unknown,
  textAt: TextAt,
): Problem[] {
  const problemsOf = (issue: Issue, prefix: readonly PropertyKey[]): Problem[] => {
    const path = [...prefix, ...issue.path];
    const value = valueAt(input, path);
    const last = path.at(-1);
    switch (issue.code) {
      case "unrecognized_keys":
        return issue.keys.map((key) => ({
          path: [...path, key],
          onKey: true,
          message: `unknown key ${quote(key)}.${suggestion(key, keysAt(schema, path))}`,
        }));
      case "invalid_union": {
        const branch = intendedBranch(issue.errors, value);
        if (branch) return branch.flatMap((inner) => problemsOf(inner, path));
        return [{ path, message: `must be ${description(schema, path)}, got: ${quote(value)}` }];
      }
      case "invalid_key": {
        const why = issue.issues[0] ? sentence(issue.issues[0], last) : "is not allowed";
        return [{ path, onKey: true, message: `the name ${quote(last)} ${why}` }];
      }
      case "custom":
        return [{ path, message: issue.message }];
      default:
        if (value === undefined) {
          return [
            { path, message: `the key ${quote(last)} is missing; add it: ${description(schema, path)}` },
          ];
        }
        if (issue.code === "invalid_type" && issue.expected === "string" && typeof value !== "object") {
          return [{ path, message: `must be text; put it in quotes: "${textAt(path) ?? value}"` }];
        }
        return [{ path, message: `${sentence(issue, value)}, got: ${quote(value)}${near(issue, value)}` }];
    }
  };
  return issues.flatMap((issue) => problemsOf(issue, []));
}

/** The sentence of one issue: our own message where the schema has one. */
function sentence(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${TYPE_NAMES[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return issue.message.startsWith("Invalid")
        ? `must be one of ${issue.values.join(", ")}`
        : issue.message;
    case "too_small":
      return `must ${amount("at least", issue.origin, issue.minimum)}`;
    case "too_big":
      return `must ${amount("at most", issue.origin, issue.maximum)}`;
    default:
      return value === "" ? "must not be empty" : issue.message;
  }
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "text",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
  object: "a map of keys to values",
  record: "a map of keys to values",
  array: "a list",
};

function amount(bound: string, origin: string, limit: number | bigint): string {
  const units: Readonly<Record<string, string>> = { string: "characters", array: "items" };
  return units[origin] ? `have ${bound} ${limit} ${units[origin]}` : `be ${bound} ${limit}`;
}

/** The nearest allowed value, where one is near. */
function near(issue: Issue, value: unknown): string {
  if (issue.code !== "invalid_value" || typeof value !== "string") return "";
  const found = suggestion(value, issue.values.map(String));
  return found.startsWith(" Did") ? `.${found}` : "";
}

/** The union branch the user meant: of the value's type, and with the fewest unknown keys. */
function intendedBranch(
  branches: readonly (readonly Issue[])[],
  value: unknown,
): readonly Issue[] | undefined {
  const unknownKeys = (issues: readonly Issue[]) =>
    issues.reduce((sum, issue) => sum + (issue.code === "unrecognized_keys" ? issue.keys.length : 0), 0);
  const [best] = branches
    .filter((issues) => !issues.some(({ code, path }) => code === "invalid_type" && path.length === 0))
    .sort((left, right) => unknownKeys(left) - unknownKeys(right));
  const keys = typeof value === "object" && value !== null ? Object.keys(value).length : 0;
  return best && (unknownKeys(best) === 0 || unknownKeys(best) < keys) ? best : undefined;
}

/** What the schema says of a place, without its default. */
function description(schema: z.ZodType, path: readonly PropertyKey[]): string {
  const text = schemaAt(schema, path)?.description ?? "see environments/environment.schema.json";
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`.replace(/[.;]? Default: .*$/, "");
}

function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const found = schemaAt(schema, path);
  const plain = found && unwrap(found);
  const shapes = plain instanceof z.ZodUnion ? plain.options : [plain];
  return shapes.flatMap((shape) => (shape instanceof z.ZodObject ? Object.keys(shape.shape) : []));
}

function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  let current: z.ZodType | undefined = schema;
  for (const key of path) {
    const plain: unknown = current && unwrap(current);
    let next: unknown;
    if (plain instanceof z.ZodObject) next = plain.shape[String(key)];
    else if (plain instanceof z.ZodRecord) next = plain.valueType;
    else if (plain instanceof z.ZodArray) next = plain.element;
    current = next instanceof z.ZodType ? next : undefined;
  }
  return current;
}

function unwrap(schema: z.ZodType): z.ZodType {
  let current: unknown = schema;
  while (
    current instanceof z.ZodOptional ||
    current instanceof z.ZodDefault ||
    current instanceof z.ZodPrefault
  ) {
    current = current.unwrap();
  }
  return current instanceof z.ZodType ? current : schema;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? Reflect.get(value, key)
        : undefined,
    input,
  );
}
