import { groupBy } from "../../../lib/group-by";
import { planProblem } from "../access/plan-shape";
import type { Finding } from "../finding";
import type { ReadEnvironment } from "../sides/side";
import { compareBlocks } from "./compare-blocks";
import { compareElsewhere } from "./compare-elsewhere";
import { compareFiles } from "./compare-files";
import { compareLocals } from "./compare-locals";
import { compareResources } from "./compare-resources";
import type { Difference } from "./difference";
import { compareSharedFacts, type SharedFacts, sharedFacts } from "./shared-facts";

type Sides = Pick<ReadEnvironment, "plan" | "stacks" | "beside">;

/**
 * Where the stacks do something else than the access plan beside them says: a changed tool could write a harmless plan
 * beside a harmful stack. What the base has in the very same way is nothing new.
 * @param before undefined for an environment that was not there
 */
export function comparePlanAndStacks(before: Sides | undefined, after: Sides): Finding[] {
  const all = differences(after);
  // The base is looked at only where it matters: thousands of services take a second.
  const known = new Set(before && all.length > 0 ? differences(before).map(identity) : []);
  const found = all.filter((difference) => !known.has(identity(difference)));
  const id = `${after.plan.environment}-access`;
  const groups = groupBy(found, ({ what }) => what);
  const facts = before ? compareSharedFacts(id, factsOf(before), factsOf(after)) : [];
  return [...[...groups].map(([what, same]) => differ(id, what, same)), ...facts];
}

function factsOf({ plan, stacks }: Sides): SharedFacts {
  return sharedFacts(stacks.get(`${plan.environment}-access`) ?? {});
}

function differ(id: string, what: string, same: readonly Difference[]): Finding {
  return {
    kind: "plan-and-stack-differ",
    subject: id,
    text: `${id}: ${what}: ${named(same.map(({ where }) => where))}`,
    details: same.map(({ detail }) => detail),
    content: same.map(({ where, content }) => [where, content]),
  };
}

/** Names that a line lists; of more it says how many, and the details have all. */
const MOST_NAMES = 4;

function named(names: readonly string[]): string {
  const rest = names.length - MOST_NAMES;
  return [...names.slice(0, MOST_NAMES), ...(rest > 0 ? [`and ${rest} more`] : [])].join(", ");
}

function identity({ what, where, content }: Difference): string {
  return JSON.stringify([what, where, content]);
}

function differences({ plan, stacks, beside = new Map() }: Sides): Difference[] {
  const id = `${plan.environment}-access`;
  const access = stacks.get(id);
  if (!access) return [{ what: "the stack is not there", where: id, detail: id, content: plan }];
  const problem = planProblem(plan);
  if (problem !== undefined) {
    const what = "the stack cannot be compared with its plan, which cannot be read";
    return [{ what, where: id, detail: problem, content: [...stacks] }];
  }
  const { differences, covered } = compareResources(plan, access);
  return [
    ...differences,
    ...compareBlocks(plan, access, covered),
    ...compareLocals(plan.environment, stacks),
    ...compareElsewhere(plan, stacks),
    ...compareFiles(beside),
  ];
}
