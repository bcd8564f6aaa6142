import type { FindingKind } from "../../../model/config/review/kinds";
import type { StackJson } from "../sides/side";
import { addedResource } from "./compare-resource";
import type { ResourceContext } from "./compare-resources";
import { countsOf, type StackComparison } from "./comparison";
import { addressOf, subjectOf } from "./resource";
import { stackDiffs } from "./stack-diff";
import { resourceType } from "./types/fate";

/** Kinds of which nothing has to be said when all of a stack is new. */
const NO_NEWS: readonly FindingKind[] = ["resource-added"];

/** What it means that a whole stack comes or goes. */
export function wholeStack(
  id: string,
  before: StackJson | undefined,
  after: StackJson | undefined,
  { explained, meaning }: Pick<ResourceContext, "explained" | "meaning">,
): StackComparison {
  const [diff] = stackDiffs([{ id, before: before ?? {}, after: after ?? {} }]);
  if (!diff) return { findings: [], counts: [] };
  const { added, removed } = diff.pairs;
  if (!after) return { findings: [stackRemoved(id, removed.flatMap(dataOf))], counts: [] };
  const details = added
    .filter((resource) => explained(resource) === undefined)
    .flatMap((resource) =>
      addedResource(resource)
        .effects.filter(({ kind }) => !NO_NEWS.includes(kind))
        .map(({ says }) => `${subjectOf(resource)}: ${says}`),
    );
  const { resource: raw, "//": _, ...parts } = after;
  // Without what cdktf notes beside each; what cannot be read as a resource is there as it is.
  const resources = diff.unreadable.length > 0 ? raw : added.map((each) => [addressOf(each), each.body]);
  return {
    findings: [
      {
        kind: "stack-added",
        subject: id,
        text: `${id}: the stack is new`,
        ...(details.length > 0 && { details }),
        content: { resources, parts, stands: meaning(id, after) },
      },
    ],
    counts: [
      countsOf(
        id,
        added.map(() => "added"),
      ),
    ],
  };
}

function stackRemoved(id: string, data: readonly string[]) {
  const text = `${id}: the stack is gone: what it deployed stays, and nothing here looks after it any more; if that is not meant, destroy it first`;
  return { kind: "stack-removed" as const, subject: id, text, ...(data.length > 0 && { details: data }) };
}

function dataOf(resource: Parameters<typeof subjectOf>[0]): string[] {
  const lost = resourceType(resource.type)?.data;
  return lost === undefined ? [] : [`${subjectOf(resource)} holds ${lost}`];
}
