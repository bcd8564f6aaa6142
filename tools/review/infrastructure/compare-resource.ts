import type { FindingKind } from "../../../model/config/review/kinds";
import { change, type Difference, differenceLine, differences, pathText, touches } from "./differences";
import type { Effect } from "./effect";
import { guardedChanges, guardedFromTheStart } from "./guarded-values";
import { guardEffects, type InstanceMoves } from "./guards";
import { isIgnored } from "./ignored";
import { openingEffects } from "./openings";
import { parameterEffects } from "./parameters";
import { policyEffects } from "./policies";
import type { Cause } from "./propagate";
import type { StackResource } from "./resource";
import { fateOf, resourceType } from "./types/fate";

/** What is done about a resource. */
export type Action = "added" | "changed" | "replaced" | "removed";

/** What a change does to one resource. */
export interface ResourceComparison {
  readonly action: Action;
  readonly effects: readonly Effect[];
}

/** Of a resource of a type that nobody here knows, nobody here can say anything. */
const UNKNOWN: FindingKind = "unexplained";

/** What it means that a resource is new. */
export function addedResource({ type, body }: StackResource): ResourceComparison {
  const details = differences({}, body).map(differenceLine);
  const found = resourceType(type)
    ? [
        ...openingEffects(type, undefined, body, []),
        ...policyEffects(type, undefined, body),
        ...guardedFromTheStart(type, body),
      ]
    : [{ kind: UNKNOWN, says: "is new, of a type that this review does not know" }];
  const effects: Effect[] = found.length > 0 ? found : [{ kind: "resource-added", says: "is new" }];
  return { action: "added", effects: effects.map((each) => ({ details, ...each })) };
}

/** What it means that a resource is gone. */
export function removedResource({ type, body }: StackResource): ResourceComparison {
  const known = resourceType(type);
  const details = differences(body, {}).map(differenceLine);
  const effects: Effect[] = [];
  if (!known)
    effects.push({ kind: UNKNOWN, says: "is destroyed, and of a type that this review does not know" });
  if (known?.data) effects.push({ kind: "data-destroyed", says: `is destroyed: this loses ${known.data}` });
  if (type === "terraform_data") effects.push(...guardEffects(body, { for_each: "${toset([])}" }, new Map()));
  // What went with a resource that is AWS's own default, such as a key's or an endpoint's policy, is told by what it was.
  if (type === "aws_iam_role" || type === "aws_iam_role_policy") {
    effects.push(...policyEffects(type, body, undefined));
  }
  effects.push(...openingEffects(type, body, undefined, []));
  if (effects.length === 0) effects.push({ kind: "resource-removed", says: "is destroyed" });
  return { action: "removed", effects: effects.map((each) => ({ details, ...each })) };
}

/** Whether a change of its own replaces a resource. */
export function isReplaced(before: StackResource, after: StackResource): boolean {
  return replacing(after, differences(before.body, after.body)).length > 0;
}

function replacing({ type, body }: StackResource, changes: readonly Difference[]): Difference[] {
  if (!resourceType(type)) return [];
  return changes.filter((each) => fate(type, each) === "replaced" && !isIgnored(body, each.path));
}

/** Options for {@link changedResource}. */
export interface ChangeContext {
  /** Why it is replaced without a change of its own. @default it is not */
  readonly cause?: Cause;
  /** Instances that moved to another name. @default none */
  readonly moves?: InstanceMoves;
}

/** What a change of a resource does; undefined when nothing changes. */
export function changedResource(
  before: StackResource,
  after: StackResource,
  { cause, moves = new Map() }: ChangeContext = {},
): ResourceComparison | undefined {
  const { type } = after;
  const all = differences(before.body, after.body);
  if (all.length === 0 && !cause) return undefined;
  if (!resourceType(type)) {
    const says = "changes, and is of a type that this review does not know";
    return { action: "changed", effects: [{ kind: UNKNOWN, says, details: all.map(differenceLine) }] };
  }
  const replaces = replacing(after, all);
  const effects = [
    ...replacements(type, replaces, cause),
    ...policyEffects(type, before.body, after.body),
    ...openingEffects(type, before.body, after.body, all),
    ...guardedChanges(type, before.body, after.body),
    ...parameterEffects(type, before.body, after.body),
    ...(type === "terraform_data" ? guardEffects(before.body, after.body, moves) : []),
  ];
  const told = effects.flatMap(({ tells = [] }) => tells);
  const untold = all.filter(
    (each) => !replaces.includes(each) && !told.some((path) => touches(path, each.path)),
  );
  const unknown = all.filter((each) => !isIgnored(after.body, each.path) && fate(type, each) === "not known");
  const replaced = replaces.length > 0 || cause !== undefined;
  if (unknown.length > 0 && !replaced && resourceType(type)?.data !== undefined) {
    const says = `may be replaced, which would lose ${resourceType(type)?.data}: ${names(unknown)}`;
    effects.push({ kind: "may-replace", says, details: unknown.map(differenceLine) });
  } else if (untold.length > 0) {
    const doubt = untold.some((each) => unknown.includes(each)) && !replaced ? ", which may replace it" : "";
    const says = `changes ${names(untold)}${doubt}`;
    effects.push({ kind: "resource-changed", says, details: untold.map(differenceLine) });
  }
  return {
    action: replaced ? "replaced" : "changed",
    effects: effects.map((effect) => ({ ...effect, details: effect.details ?? detailsOf(effect, all) })),
  };
}

function replacements(type: string, changes: readonly Difference[], cause: Cause | undefined): Effect[] {
  const reasons = [
    ...changes.map(({ path, before, after }) => `${pathText(path)} ${change(before, after)}`),
    ...(cause ? [`${cause.attribute} refers to ${cause.label}, which is another`] : []),
  ];
  if (reasons.length === 0) return [];
  const data = resourceType(type)?.data;
  const kind = data === undefined ? "resource-replaced" : "data-destroyed";
  const lost = data === undefined ? "" : `: this loses ${data}`;
  return [{ kind, says: `is destroyed and made anew (${reasons.join(", ")})${lost}` }];
}

/** The differences that an effect tells; all of them where it does not say which. */
function detailsOf({ tells }: Effect, all: readonly Difference[]): string[] {
  const told = all.filter(({ path }) => !tells || tells.some((each) => touches(each, path)));
  return told.map(differenceLine);
}

function fate(type: string, { path, after }: Difference) {
  return fateOf(type, path, after === undefined);
}

function names(changes: readonly Difference[]): string {
  return changes
    .map(({ path, before, after }) => `${pathText(path)} ${change(before, after, 40)}`)
    .join(", ");
}
