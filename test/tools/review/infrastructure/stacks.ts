import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Finding } from "../../../../tools/review/finding";
import { compareStacks, type StackComparison } from "../../../../tools/review/infrastructure/compare-stacks";
import type { Explained } from "../../../../tools/review/infrastructure/explained";
import type { StackJson } from "../../../../tools/review/sides/side";
import { testEnvironments } from "../../../helpers/environment";
import { keptSynthesis, type Stacks } from "../../../helpers/kept-synthesis";

/** Any JSON, to change at will. */
// biome-ignore lint/suspicious/noExplicitAny: a test changes whatever it likes
export type Json = any;

/** The stacks of the test environments as they are written, with what cdktf notes beside them. */
const synthesised: ReadonlyMap<string, StackJson> = new Map(
  keptSynthesis("written", testEnvironments(), written).map(([id, json]) => [id, JSON.parse(json)]),
);

function written(): Stacks {
  const {
    synthesise,
  }: typeof import("../../../../stacks/synthesise") = require("../../../../stacks/synthesise");
  const outdir = mkdtempSync(join(tmpdir(), "stacks-"));
  try {
    return synthesise(testEnvironments(), { outdir }).stacks.map(({ id, file }) => [
      id,
      readFileSync(file, "utf8"),
    ]);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** A copy of the stacks, or of some of them, to change. */
export function stacks(...ids: readonly string[]): Map<string, Json> {
  const wanted = [...synthesised].filter(([id]) => ids.length === 0 || ids.includes(id));
  return new Map(structuredClone(wanted));
}

/** A resource of a stack by its type and the construct path that it has there. */
export function resource(stack: Json, type: string, path: string): Json {
  const found = Object.values<Json>(stack.resource[type] ?? {}).find(
    (each) => each["//"].metadata.path === `${stackId(stack)}/${path}`,
  );
  if (!found) throw new Error(`no ${type} at ${path}`);
  return found;
}

function stackId(stack: Json): string {
  return stack["//"].metadata.stackName;
}

/** Removes a resource, and says under which name it was. */
export function take(stack: Json, type: string, path: string): { name: string; body: Json } {
  const body = resource(stack, type, path);
  const name = Object.keys(stack.resource[type]).find((each) => stack.resource[type][each] === body) ?? "";
  delete stack.resource[type][name];
  return { name, body };
}

/** What changing one stack does. */
export function changed(
  id: string,
  change: (stack: Json, all: Map<string, Json>) => void,
  explained?: Explained,
): StackComparison {
  const before = stacks();
  const after = stacks();
  change(after.get(id), after);
  return compareStacks(before, after, explained);
}

/** The same the other way round. */
export function changedBack(
  id: string,
  change: (stack: Json, all: Map<string, Json>) => void,
): StackComparison {
  const before = stacks();
  const after = stacks();
  change(before.get(id), before);
  return compareStacks(before, after);
}

/** `kind text` of every finding. */
export function lines(findings: readonly Finding[]): string[] {
  return findings.map(({ kind, text }) => `${kind} ${text}`);
}

/** Kinds of the findings. */
export function kinds({ findings }: StackComparison): string[] {
  return findings.map(({ kind }) => kind);
}
