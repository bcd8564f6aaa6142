import { isDeepStrictEqual } from "node:util";
import type { Finding } from "../finding";
import { isReplaced } from "./compare-resource";
import { compareResources, type ResourceContext } from "./compare-resources";
import { countsOf, type StackComparison, type StackCounts } from "./comparison";
import { type Explained, NOTHING_EXPLAINED } from "./explained";
import { meanings } from "./meaning";
import { moveFindings } from "./move-findings";
import { compareParts } from "./parts";
import { replacedByReference } from "./propagate";
import type { StackResource } from "./resource";
import { type StackDiff, stackDiffs } from "./stack-diff";
import type { Stacks } from "./stacks";
import { wholeStack } from "./whole-stack";

export type { StackComparison, StackCounts } from "./comparison";

/**
 * What a change does to the infrastructure, in words.
 * @param explained what somebody else tells of resources. @default nobody does
 */
export function compareStacks(
  before: Stacks,
  after: Stacks,
  explained: Explained = NOTHING_EXPLAINED,
): StackComparison {
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort();
  const both = ids.flatMap((id) => {
    const [was, is] = [before.get(id), after.get(id)];
    return was && is ? [{ id, before: was, after: is }] : [];
  });
  // All of them, since what changes in one is referred to in others.
  const diffs = both.every((each) => isDeepStrictEqual(each.before, each.after)) ? [] : stackDiffs(both);
  const causes = replacedByReference(diffs, diffs.flatMap(replacedByThemselves));
  const meaning = meanings(after);
  const compared = ids.map((id): StackComparison => {
    const [was, is] = [before.get(id), after.get(id)];
    const diff = diffs.find((each) => each.id === id);
    if (diff) return compareStack(diff, { causes, explained, meaning });
    return was && is ? { findings: [], counts: [] } : wholeStack(id, was, is, { explained, meaning });
  });
  return {
    findings: compared.flatMap(({ findings }) => findings),
    counts: compared.flatMap(({ counts }) => counts),
  };
}

function replacedByThemselves({ pairs }: StackDiff): StackResource[] {
  return pairs.kept.filter((pair) => isReplaced(pair.before, pair.after)).map(({ after }) => after);
}

function compareStack(diff: StackDiff, context: ResourceContext): StackComparison {
  const { id, before, after, unreadable } = diff;
  const resources = compareResources(diff, context);
  const findings = [
    ...compareParts(id, before, after),
    ...unreadable
      .filter((part) => !isDeepStrictEqual(at(before, part), at(after, part)))
      .map((part): Finding => {
        const subject = `${id} ${part}`;
        const text = `${subject}: is of a form that this review does not read`;
        return {
          kind: "unexplained",
          subject,
          text,
          content: [at(before, part) ?? null, at(after, part) ?? null],
        };
      }),
    ...moveFindings(diff, context.explained),
    ...resources.findings,
  ];
  return {
    findings,
    counts: [countsOf(id, resources.actions)].filter((counts) => findings.length > 0 || any(counts)),
  };
}

/** What is at a place of a stack; a name with a dot in it is looked for in what is around it. */
function at(stack: unknown, place: string): unknown {
  return place
    .split(".")
    .reduce(
      (value: unknown, name) =>
        typeof value === "object" && value !== null ? Reflect.get(value, name) : value,
      stack,
    );
}

function any({ added, changed, replaced, removed }: StackCounts): boolean {
  return added + changed + replaced + removed > 0;
}
