import type { z } from "zod";
import { nearest, quote, shown, suggestion } from "../../../lib/nearest";
import type { Problem } from "../problem";
import { about, isObject, knownKeys, mayBeOmitted, options, schemaAt, valueAt } from "./schema-walk";
import { type Issue, NO_TEXT } from "./sentences";
import { asWritten, flow } from "./written-yaml";

/** Reads a scalar as it is written in the file: `1.30` is the number 1.3 by the time the schema sees it. */
export type TextAt = (path: readonly PropertyKey[]) => string | undefined;

/** What the schema refused. */
export interface Refused {
  readonly problems: readonly Problem[];
  /** Every path that the schema refused, those too that another problem already explains. */
  readonly paths: readonly (readonly PropertyKey[])[];
}

/** Turns what the schema found into problems a person can act on. */
export function schemaProblems(
  schema: z.ZodType,
  issues: readonly Issue[],
  data: unknown,
  textAt: TextAt,
): Refused {
  const found = issues.flatMap((issue) => new Explainer(schema, data, textAt).problems(issue, []));
  const misspelt = new Set(
    found.flatMap(({ path, meant }) => (meant === undefined ? [] : [join([...path.slice(0, -1), meant])])),
  );
  return {
    // A key under another name is one mistake, not an unknown key and a missing one.
    problems: found.filter(({ path, missing }) => !missing || !misspelt.has(join(path))),
    paths: found.map(({ path }) => path),
  };
}

interface Found extends Problem {
  /** The key is not there at all. */
  readonly missing?: boolean;
  /** What an unknown key was probably meant to be. */
  readonly meant?: string;
}

class Explainer {
  constructor(
    private readonly schema: z.ZodType,
    private readonly data: unknown,
    private readonly textAt: TextAt,
  ) {}

  problems(issue: Issue, prefix: readonly PropertyKey[]): Found[] {
    const path = [...prefix, ...issue.path];
    const value = valueAt(this.data, path);
    if (value === undefined) return [this.#missing(path)];
    if (value === null && issue.code !== "custom") return [this.#empty(path)];
    switch (issue.code) {
      case "unrecognized_keys":
        return this.#unknown(issue.keys, path, value);
      case "invalid_union":
        return this.#union(issue, path, value);
      case "invalid_key": {
        const name = path.at(-1);
        const why = name === "" ? "must not be empty" : (issue.issues[0]?.message ?? issue.message);
        return [{ path, onKey: true, message: `the name ${quote(name)} ${why}` }];
      }
      case "custom":
        return [{ path, message: issue.message }];
      default:
        return [{ path, message: this.#wrong(issue, path, value) }];
    }
  }

  #missing(path: readonly PropertyKey[]): Found {
    const advice = `add it, such as ${this.#example(path)}`;
    return { path, missing: true, message: `the key ${quote(path.at(-1))} is missing; ${advice}` };
  }

  /** `key:` and nothing after it, which is what remains when all below it is commented out. */
  #empty(path: readonly PropertyKey[]): Found {
    const [last, parent] = [path.at(-1), schemaAt(this.schema, path.slice(0, -1))];
    const schema = schemaAt(this.schema, path);
    if (typeof last === "number")
      return { path, message: "this item of the list is empty; remove it, or write a value" };
    const optional = parent && schema && (!knownKeys(parent).includes(String(last)) || mayBeOmitted(schema));
    const advice = `${optional ? "remove it, or " : ""}give it one, such as ${this.#example(path)}`;
    return { path, onKey: true, message: `the key ${quote(last)} has no value; ${advice}` };
  }

  /** A key with an example of its value, and what it means. */
  #example(path: readonly PropertyKey[]): string {
    const schema = schemaAt(this.schema, path);
    const { description, examples: [example] = [] } = schema ? about(schema) : {};
    const key = String(path.at(-1));
    const written = example === undefined ? `${key}: …` : asWritten(key, example);
    return description === undefined ? written : `${written} (${description})`;
  }

  #unknown(keys: readonly string[], path: readonly PropertyKey[], map: unknown): Found[] {
    const schema = schemaAt(this.schema, path);
    const known = schema ? knownKeys(schema) : [];
    if (schema && keys.some((key) => known.includes(key))) return [exclusive(schema, path)];
    const candidates = known.filter((key) => !isObject(map) || !Object.hasOwn(map, key));
    return keys.map((key) => {
      const advice = candidates.length > 0 ? suggestion(key, candidates) : " Remove it.";
      const meant = nearest(key, candidates);
      const message = `unknown key ${quote(key)}.${advice}`;
      return { path: [...path, key], onKey: true, message, ...(meant && { meant }) };
    });
  }

  /** The alternatives of a union are told apart by the type of the value, and maps by their keys. */
  #union(issue: Issue & { code: "invalid_union" }, path: readonly PropertyKey[], value: unknown): Found[] {
    const schema = schemaAt(this.schema, path);
    const alternatives = schema ? options(schema) : [];
    const map = isObject(value) && !Array.isArray(value);
    const keys = map ? Object.keys(value) : [];
    const given = alternatives.map((option) => knownKeys(option).some((key) => keys.includes(key)));
    if (schema && given.filter(Boolean).length > 1) return [exclusive(schema, path)];
    const meant = issue.errors.find((errors, index) => (map ? given[index] : !errors.some(isOfAnotherType)));
    if (meant) return meant.flatMap((inner) => this.problems(inner, path));
    const misspelt = this.#unknown(keys, path, value);
    if (misspelt.some((problem) => problem.meant !== undefined)) return misspelt;
    return [{ path, message: `${issue.message}, got: ${this.#written(path, value)}` }];
  }

  #wrong(issue: Issue, path: readonly PropertyKey[], value: unknown): string {
    if (value === "") return "must not be empty";
    if (typeof value === "string" && isQuoted(issue, value)) {
      return `${issue.message}; remove the quotes, got: ${quote(value)}`;
    }
    if (issue.message === NO_TEXT && !isObject(value)) {
      return `must be text; put it in quotes: ${quote(this.textAt(path) ?? String(value))}`;
    }
    const schema = schemaAt(this.schema, path);
    const { examples: [example] = [] } = schema ? about(schema) : {};
    const such = issue.code === "invalid_type" && isObject(example) ? `, such as ${flow(example)}` : "";
    const near =
      issue.code === "invalid_value" && typeof value === "string" && nearest(value, issue.values.map(String));
    const advice = near ? `. Did you mean ${quote(near)}?` : "";
    return `${issue.message}${such}, got: ${this.#written(path, value)}${advice}`;
  }

  /** A value as it is written in the file; one that is not a scalar, as JSON. */
  #written(path: readonly PropertyKey[], value: unknown): string {
    const number = typeof value === "number" ? this.textAt(path) : undefined;
    return number === undefined ? quote(value) : shown(number);
  }
}

/** Keys of two alternatives are there. */
function exclusive(schema: z.ZodType, path: readonly PropertyKey[]): Found {
  const either = options(schema).map((option) => knownKeys(option).join(" and "));
  const message = `${quote(path.at(-1))} is either ${either.join(", or ")}, and here are both; remove one`;
  return { path, onKey: true, message };
}

function isOfAnotherType(issue: Issue): boolean {
  // A number that is no whole one is of the type "int" all the same.
  return issue.code === "invalid_type" && issue.path.length === 0 && issue.expected !== "int";
}

/** Whether a text would be right without its quotes. */
function isQuoted(issue: Issue, text: string): boolean {
  if (issue.code === "invalid_value") {
    return issue.values.some((value) => typeof value !== "string" && String(value) === text);
  }
  if (issue.code !== "invalid_type") return false;
  if (issue.expected === "boolean") return text === "true" || text === "false";
  return ["number", "int"].includes(issue.expected) && text.trim() !== "" && Number.isFinite(Number(text));
}

function join(path: readonly PropertyKey[]): string {
  return JSON.stringify(path);
}
