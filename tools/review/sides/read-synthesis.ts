import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { EnvironmentSide, Side, StackJson } from "./side";

/** Version of the access plan and of the review's rules that this review can read. */
const VERSION = 1;

/**
 * Reads what a synthesis wrote. What of it cannot be read becomes the problem of its environment, never an empty one.
 * @param folder `cdktf.out`, by whatever name
 * @param name what to call the side
 */
export function readSynthesis(folder: string, name: string): Side {
  const stackIds = readdirSync(join(folder, "stacks")).sort();
  const environments = readdirSync(join(folder, "review")).sort();
  return {
    name,
    environments: new Map(
      environments.map((environment) => {
        const ids = stackIds.filter((id) => id.slice(0, id.lastIndexOf("-")) === environment);
        return [environment, readEnvironment(folder, environment, ids)];
      }),
    ),
  };
}

function readEnvironment(folder: string, environment: string, stackIds: readonly string[]): EnvironmentSide {
  const review = join(folder, "review", environment);
  try {
    const plan = readJson(join(review, "access-plan.json"));
    const rules = readJson(join(review, "review-rules.json"));
    for (const [file, { version }] of Object.entries({
      "access-plan.json": plan,
      "review-rules.json": rules,
    })) {
      if (version !== VERSION) {
        return { problem: `${file} is of version ${String(version)}; this review reads version ${VERSION}` };
      }
    }
    const stack = (id: string): StackJson => readJson(join(folder, "stacks", id, "cdk.tf.json"));
    return { plan, rules, stacks: new Map(stackIds.map((id) => [id, stack(id)])) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

// biome-ignore lint/suspicious/noExplicitAny: what another version wrote
function readJson(file: string): any {
  return JSON.parse(readFileSync(file, "utf8"));
}
