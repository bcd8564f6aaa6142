import { IDENTITY_SECTIONS } from "../access/identities";
import { type EnvironmentFile, environmentSchema } from "../schema";
import { isObject, valueAt } from "./schema-walk";

/** Values that stand in for required ones the file got wrong; rules that read them are left out. */
const STAND_INS: Readonly<Record<string, unknown>> = {
  name: "x",
  account: "000000000000",
  region: "eu-west-1",
  access: { databases: { x: ["x"] } },
};

/** Deepest place of a required key: what it stands in goes first, then what that stands in. */
const ROUNDS = 6;

/**
 * The file without what the schema refused, so that the rules between the remaining values can still be checked and
 * a user sees every error at once. Undefined when too little remains.
 */
export function withoutRefused(
  data: unknown,
  paths: readonly (readonly PropertyKey[])[],
): EnvironmentFile | undefined {
  if (!isObject(data)) return undefined;
  const copy: Record<string, unknown> = { ...structuredClone(data) };
  let refused = paths;
  for (let round = 0; round < ROUNDS; round++) {
    const once = new Map(refused.map((path) => [JSON.stringify(path), path]));
    // From the end, so that removing an item of a list does not move the next one to remove.
    for (const path of [...once.values()].reverse()) remove(copy, path);
    const parsed = environmentSchema.safeParse({ ...STAND_INS, ...copy });
    if (parsed.success) return parsed.data;
    // A map without a key it needs is worth nothing.
    refused = parsed.error.issues.map(({ path }) =>
      valueAt(copy, path) === undefined ? path.slice(0, -1) : path,
    );
  }
  return undefined;
}

function remove(data: Record<string, unknown>, path: readonly PropertyKey[]): void {
  // An identity is whole or not there: half of one would only raise questions about the other half.
  const [top, section] = path;
  const identity = top === "access" && IDENTITY_SECTIONS.some((each) => each === section);
  const target = identity ? path.slice(0, 3) : path;
  let parent: unknown = data;
  for (const key of target.slice(0, -1)) {
    parent = isObject(parent) ? Reflect.get(parent, key) : undefined;
  }
  const last = target.at(-1);
  if (last === undefined || !isObject(parent)) return;
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else Reflect.deleteProperty(parent, last);
}
