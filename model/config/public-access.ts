import { contains, publicBlockProblem } from "../aws/blocks";
import type { Problem } from "./problem";

/**
 * Most blocks in a list: EKS takes as many. With the widest block that is allowed, they are 40 of 256 parts of the
 * internet, so that no list adds up to it.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html
 */
const MOST_BLOCKS = 40;

/**
 * What is wrong with a list of blocks that may reach something from the internet.
 * @param what they reach, such as `the Kubernetes API`
 */
export function publicAccessProblems(
  path: readonly PropertyKey[],
  blocks: readonly string[],
  what: string,
): Problem[] {
  const usable = blocks.filter((block) => publicBlockProblem(block, what) === undefined);
  const each = blocks.flatMap((block, index): Problem[] => {
    // Blocks that are written alike are refused by the schema.
    const outer = usable.find((other) => other !== block && contains(other, block));
    const message =
      publicBlockProblem(block, what) ??
      (outer && `${block} is inside ${outer}, which is listed too; remove it`);
    return message === undefined ? [] : [{ path: [...path, index], message }];
  });
  if (blocks.length <= MOST_BLOCKS) return each;
  const message = `the list has ${blocks.length} blocks, and at most ${MOST_BLOCKS} are taken; name fewer and larger ones`;
  return [{ path, onKey: true, message }, ...each];
}
