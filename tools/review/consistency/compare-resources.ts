import { isDeepStrictEqual } from "node:util";
import type { AccessPlan } from "../../../model/access/plan";
import { type Difference, shown } from "./difference";
import { OPEN, type PlannedResource } from "./planned-resource";
import { plannedResources } from "./planned-resources";
import { type Block, isBlock, keyOf, without } from "./resource-keys";
import { sharedFacts } from "./shared-facts";
import { type StackResource, stackResources, withNames } from "./stack-resources";

/** Types that an access stack needs beside what the plan says, and that give nobody a right in a database. */
const BESIDE_THE_PLAN = [
  "aws_security_group",
  "aws_vpc_security_group_egress_rule",
  "aws_vpc_security_group_ingress_rule",
];

/** What came of comparing the resources of an access stack with its plan. */
export interface ComparedResources {
  readonly differences: readonly Difference[];
  /** Those that say exactly what the plan says, by address. */
  readonly covered: ReadonlyMap<string, PlannedResource>;
}

/** Holds every resource of an access stack against the plan: nothing else, nothing more, nothing missing. */
export function compareResources(plan: AccessPlan, stack: Block): ComparedResources {
  const resources = stackResources(stack).filter(({ type }) => !BESIDE_THE_PLAN.includes(type));
  const resolve = withNames(resources, plan);
  const planned = new Map(plannedResources(plan, sharedFacts(stack)).map((each) => [each.key, each]));
  const found = new Map<string, Found[]>();
  const differences: Difference[] = [];
  for (const { address, type, block } of resources) {
    const args = isBlock(block) ? resolve(block) : undefined;
    const key = args && keyOf(type, args);
    const expected = key === undefined ? undefined : planned.get(key);
    if (key === undefined || args === undefined || !expected) {
      differences.push(more(address, type, key, block));
    } else {
      const others = differing(expected, args);
      found.set(key, [...(found.get(key) ?? []), { address, type, block, args, others }]);
    }
  }
  const covered = new Map<string, PlannedResource>();
  for (const [key, expected] of planned) {
    const [best, ...rest] = (found.get(key) ?? []).sort(
      (left, right) => left.others.length - right.others.length,
    );
    differences.push(...rest.map(({ address, type, block }) => more(address, type, key, block)));
    if (best === undefined) differences.push(missing(expected));
    else if (best.others.length === 0) covered.set(best.address, expected);
    else differences.push(other(expected, best));
  }
  return { differences, covered };
}

interface Found extends StackResource {
  readonly args: Block;
  /** Names of the arguments that are not as planned. */
  readonly others: readonly string[];
}

function differing(expected: PlannedResource, args: Block): string[] {
  const said = without(args, OPEN);
  return [...new Set([...Object.keys(expected.arguments), ...Object.keys(said)])]
    .filter((name) => !isDeepStrictEqual(sorted(expected.arguments[name]), sorted(said[name])))
    .sort();
}

/** Lists of texts are sets to the providers: roles, privileges. */
function sorted(value: unknown): unknown {
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) return value;
  return [...value].sort();
}

function more(address: string, type: string, key: string | undefined, block: unknown): Difference {
  return {
    what: `${type} that the plan knows nothing of`,
    where: address,
    detail: `${address}: ${key === undefined ? shown(block) : `${key}: ${shown(block)}`}`,
    content: block,
  };
}

function missing({ type, key, arguments: args }: PlannedResource): Difference {
  return { what: `${type} that the plan has and the stack has not`, where: key, detail: key, content: args };
}

function other({ type, key, arguments: planned }: PlannedResource, { args, others }: Found): Difference {
  return {
    what: `${type} with another ${others.join(", ")} than planned`,
    where: key,
    detail: `${key}: ${others
      .map((name) => `${name} is ${shown(args[name])}, planned is ${shown(planned[name])}`)
      .join("; ")}`,
    content: args,
  };
}
