import { isDeepStrictEqual } from "node:util";
import { contains } from "../../../model/aws/blocks";
import { change, type JsonObject, shown, valuesAt } from "./differences";
import type { Effect } from "./effect";
import { ABOUT, type GuardedAttribute, type Safer } from "./guarded-attribute";
import { GUARDED_ATTRIBUTES } from "./guarded-attributes";
import { fateOf } from "./types/fate";

/** What a change of the attributes in {@link GUARDED_ATTRIBUTES} does to a resource that is on both sides. */
export function guardedChanges(type: string, before: JsonObject, after: JsonObject): Effect[] {
  return rowsFor(type).flatMap(({ row, path }): Effect[] => {
    const [was, is] = [valuesAt(before, path), valuesAt(after, path)];
    const outcome = judged(row, valid(row, before), valid(row, after));
    if (outcome === undefined) return [];
    const what = `${row.path} ${change(one(was), one(is))}`;
    const says = outcome === "worse" ? `${what}: ${row.worse}` : what;
    return [{ kind: ABOUT[row.about][outcome], says, tells: [path] }];
  });
}

/** What is not safe about a resource that is new. Protection is not asked for: there is nothing to lose yet. */
export function guardedFromTheStart(type: string, body: JsonObject): Effect[] {
  return rowsFor(type)
    .filter(({ row, path }) => row.about !== "protection" && applies(type, path, body))
    .flatMap(({ row, path }): Effect[] => {
      const is = valuesAt(body, path);
      if (!unsafe(row, body)) return [];
      return [{ kind: ABOUT[row.about].worse, says: `${row.path} ${shown(one(is))}: ${row.worse}` }];
    });
}

interface RowAtPath {
  readonly row: GuardedAttribute;
  readonly path: readonly string[];
}

/** The rows that count for a type; looked up once, for stacks have thousands of a type. */
const ROWS = new Map<string, readonly RowAtPath[]>();

function rowsFor(type: string): readonly RowAtPath[] {
  const found = ROWS.get(type);
  if (found) return found;
  const rows = GUARDED_ATTRIBUTES.filter(({ types }) => types === undefined || types.includes(type)).map(
    (row) => ({
      row,
      path: row.path.split("."),
    }),
  );
  ROWS.set(type, rows);
  return rows;
}

/** Whether a type has such an attribute, as far as is known. */
function applies(type: string, path: readonly string[], body: JsonObject): boolean {
  return valuesAt(body, path).length > 0 || fateOf(type, path) !== "not known";
}

/** What holds of an attribute, be it said or not. */
function valid({ path, absent, when }: GuardedAttribute, body: JsonObject): unknown[] {
  const said = valuesAt(body, path.split("."));
  if (when !== undefined && !valuesAt(body, when.split(".")).includes(true)) return [];
  return said.length > 0 || absent === undefined ? said : [absent];
}

/** A single value as it is, and several as a list. */
function one(values: readonly unknown[]): unknown {
  return values.length > 1 ? values : values[0];
}

/** Whether a change of values is for the worse or the better; undefined when it is neither. */
function judged(
  { safer }: GuardedAttribute,
  before: readonly unknown[],
  after: readonly unknown[],
): "worse" | "better" | undefined {
  if (isDeepStrictEqual(before, after)) return undefined;
  if (safer === "same") return "worse";
  if (safer === "set") return before.length === 0 ? "better" : "worse";
  if (safer === "fewer" || safer === "no further") return lists(after, before);
  if (safer === "more") return lists(before, after);
  if (safer === "higher" || safer === "lower" || safer === "longer") return numbers(before, after, safer);
  const [wasSafe, isSafe] = [before, after].map((values) =>
    values.every((value) => isSafeValue(value, safer)),
  );
  if (wasSafe === isSafe) return undefined;
  return isSafe ? "better" : "worse";
}

/** Whether what holds of a new resource is not the safe value. */
function unsafe(row: GuardedAttribute, body: JsonObject): boolean {
  const { safer, absent } = row;
  const values = valid(row, body);
  if (safer === "fewer") return members(values).length > 0;
  if (safer === "lower") return numbers([absent], values, safer) === "worse";
  if (typeof safer !== "boolean" && typeof safer !== "object") return false;
  return !values.every((value) => isSafeValue(value, safer));
}

function isSafeValue(value: unknown, safer: boolean | { readonly text: string }): boolean {
  // Terraform takes "true" for true.
  return typeof safer === "boolean" ? String(value) === String(safer) : value === safer.text;
}

/** Of lists: better when one has nothing that the other has not. */
function lists(after: readonly unknown[], before: readonly unknown[]): "worse" | "better" | undefined {
  const [wide, narrow] = [members(before), members(after)];
  const within = narrow.every((member) =>
    wide.some((each) => isDeepStrictEqual(each, member) || has(each, member)),
  );
  if (!within) return "worse";
  return isDeepStrictEqual(sorted(wide), sorted(narrow)) ? undefined : "better";
}

/** Blocks of addresses as blocks, whatever else as it is. */
function has(outer: unknown, inner: unknown): boolean {
  const isBlock = (value: unknown): value is string =>
    typeof value === "string" && /^\d+\.\d+\.\d+\.\d+\/\d+$/.test(value);
  try {
    return isBlock(outer) && isBlock(inner) && contains(outer, inner);
  } catch {
    return false;
  }
}

function members(values: readonly unknown[]): unknown[] {
  return values.flat();
}

function sorted(values: readonly unknown[]): string[] {
  return values.map((value) => JSON.stringify(value)).sort();
}

function numbers(
  before: readonly unknown[],
  after: readonly unknown[],
  safer: Safer,
): "worse" | "better" | undefined {
  const size = (values: readonly unknown[]) => {
    const all = values.map((value) => (safer === "longer" && value === 0 ? Number.POSITIVE_INFINITY : value));
    return all.every((value) => typeof value === "number")
      ? (safer === "lower" ? Math.max : Math.min)(...all)
      : undefined;
  };
  const [was, is] = [size(before), size(after)];
  // What is no number, such as a reference, may be any.
  if (was === undefined || is === undefined) return "worse";
  if (was === is) return undefined;
  return is > was === (safer !== "lower") ? "better" : "worse";
}
