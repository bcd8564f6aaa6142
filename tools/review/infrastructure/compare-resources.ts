import type { FindingKind } from "../../../model/config/review/kinds";
import type { Finding } from "../finding";
import { type Action, addedResource, changedResource, removedResource } from "./compare-resource";
import { isObject, type JsonObject } from "./differences";
import type { Effect } from "./effect";
import type { Explained } from "./explained";
import type { Meaning } from "./meaning";
import type { Moves } from "./moves";
import type { Pair } from "./pairs";
import type { Cause } from "./propagate";
import { addressOf, labelOf, type StackResource, subjectOf } from "./resource";
import type { StackDiff } from "./stack-diff";
import { type Told, together } from "./together";
import { resourceType } from "./types/fate";

/** What a change does to the resources of a stack. */
export interface ComparedResources {
  readonly findings: readonly Finding[];
  /** What is done about each of them. */
  readonly actions: readonly Action[];
}

/** What is known of all stacks, for the comparison of one. */
export interface ResourceContext {
  /** Why resources are replaced without a change of their own. */
  readonly causes: ReadonlyMap<StackResource, Cause>;
  /** What somebody else tells of resources. */
  readonly explained: Explained;
  /** What the names in a resource stand for after the change. */
  readonly meaning: Meaning;
}

/** What happens to one resource. */
interface Happening {
  /** The resource as it is called in findings. */
  readonly resource: StackResource;
  readonly actions: readonly Action[];
  readonly effects: readonly Effect[];
  readonly before?: StackResource;
  readonly after?: StackResource;
}

/** What a change does to the resources of a stack. */
export function compareResources(
  { pairs, moves }: StackDiff,
  { causes, explained, meaning }: ResourceContext,
): ComparedResources {
  const happenings: Happening[] = [
    ...pairs.kept.flatMap((pair) => kept(pair, moves, causes, explained)),
    ...pairs.renamed.map((pair) => renamed(pair, explained)),
    ...pairs.added.map((after): Happening => {
      const told = explained(after);
      const effects = told ? unsaid(after, told) : addedResource(after).effects;
      return { resource: after, actions: ["added"], effects, after };
    }),
    ...pairs.removed.map((before): Happening => {
      const effects = removal(before, explained(before) !== undefined, moves.forgotten);
      return { resource: before, actions: ["removed"], effects, before };
    }),
  ];
  const findings = happenings.flatMap((each) => tell(each, meaning));
  return { findings: together(findings), actions: happenings.flatMap((each) => each.actions) };
}

function kept(
  { before, after }: Pair,
  { instances }: Moves,
  causes: ReadonlyMap<StackResource, Cause>,
  explained: Explained,
): Happening[] {
  const context = { cause: causes.get(after), moves: instances.get(addressOf(after)) };
  const whole = changedResource(before, after, context);
  if (!whole) return [];
  const told = explained(after);
  const actions = [whole.action];
  if (!told) return [{ resource: after, actions, effects: whole.effects, before, after }];
  const rest = changedResource(without(before, told), without(after, told), { moves: context.moves });
  const effects = [
    ...whole.effects.filter(losesData),
    ...(rest?.effects ?? []).filter((each) => !losesData(each)),
  ];
  return [{ resource: after, actions, effects, before, after }];
}

/** Kinds of what a reviewer has to know though somebody else tells of the resource. */
const LOSSES: readonly FindingKind[] = ["data-destroyed", "may-replace"];

function losesData({ kind }: Effect): boolean {
  return LOSSES.includes(kind);
}

/** What a new resource has beyond what somebody else tells of: that it is protected needs no telling. */
function unsaid(resource: StackResource, told: readonly string[]): readonly Effect[] {
  const rest = changedResource({ ...resource, body: {} }, without(resource, told));
  return (rest?.effects ?? []).filter((effect) => effect.kind !== "protection-on" && !losesData(effect));
}

function removal(
  resource: StackResource,
  isTold: boolean,
  forgotten: ReadonlySet<string>,
): readonly Effect[] {
  if (forgotten.has(addressOf(resource))) {
    const kind = resourceType(resource.type)?.data === undefined ? "resource-removed" : "protection-off";
    return [{ kind, says: "is forgotten by Terraform, and stays: nothing here looks after it any more" }];
  }
  const { effects } = removedResource(resource);
  if (!isTold) return effects;
  // What is not empty PostgreSQL does not drop, and that it goes somebody else tells.
  const stops = STOPPED_DROPS.includes(resource.type) && resource.body.drop_cascade !== true;
  return stops ? [] : effects.filter(losesData);
}

/** What PostgreSQL does not drop while something is in it, or needs it. */
const STOPPED_DROPS = ["postgresql_schema", "postgresql_extension"];

/** Kinds that are no news of a resource that is made anew. */
const NO_NEWS: readonly FindingKind[] = ["resource-changed", "resource-replaced", ...LOSSES];

function renamed({ before, after }: Pair, explained: Explained): Happening {
  const data = resourceType(before.type)?.data;
  const told = explained(after);
  const rest = told
    ? changedResource(without(before, told), without(after, told))
    : changedResource(before, after);
  const says = `is destroyed here and made anew as ${labelOf(after)}: no moved block says that they are the same`;
  const effects: Effect[] = [
    { kind: "address-renamed", says },
    ...(data ? [{ kind: "data-destroyed" as const, says: `is destroyed: this loses ${data}` }] : []),
    ...(rest?.effects ?? []).filter(({ kind }) => !NO_NEWS.includes(kind)),
  ];
  return { resource: before, actions: ["removed", "added"], effects, before, after };
}

function tell({ resource, effects, before, after }: Happening, meaning: Meaning): Told[] {
  const subject = subjectOf(resource);
  // Texts are shortened, a construct path is no address, and a name may come to stand for something else.
  const content = {
    before: contentOf(before),
    after: contentOf(after),
    stands: after ? meaning(after.stack, after.body) : {},
  };
  return effects.map((effect) => ({ subject, effect, content }));
}

function contentOf(resource: StackResource | undefined): JsonObject | null {
  return resource ? { address: addressOf(resource), body: resource.body } : null;
}

function without(resource: StackResource, attributes: readonly string[]): StackResource {
  const lacking = (object: JsonObject, within: string): JsonObject =>
    Object.fromEntries(
      Object.entries(object).flatMap(([name, value]) => {
        const path = `${within}${name}`;
        if (attributes.includes(path)) return [];
        const isWithin = isObject(value) && attributes.some((each) => each.startsWith(`${path}.`));
        return [[name, isWithin ? lacking(value, `${path}.`) : value]];
      }),
    );
  return { ...resource, body: lacking(resource.body, "") };
}
