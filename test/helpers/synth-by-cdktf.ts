import { TerraformStack, Testing } from "cdktf";
import type { Environment } from "../../model/config/environment";
import { addEnvironment } from "../../stacks/environment-stacks";
import { speedUpSynthesis } from "../../stacks/speed-up-synthesis";
import type { TerraformJson } from "./construct";
import type { Stacks } from "./kept-synthesis";

/** The Terraform JSON of every stack of some environments, made now, and sped up as in every command. */
export function synthNow(...environments: readonly Environment[]): Stacks {
  speedUpSynthesis();
  return made(environments);
}

/** The same by cdktf alone, unless it was sped up before. */
export function synthByCdktf(...environments: readonly Environment[]): Map<string, TerraformJson> {
  return new Map(made(environments).map(([id, json]) => [id, JSON.parse(json)]));
}

/**
 * All stacks are prepared before one is read: an output that another stack asks for exists only then, and its reference
 * would dangle without a word.
 */
function made(environments: readonly Environment[]): Stacks {
  const app = Testing.app();
  for (const environment of environments) addEnvironment(app, environment);
  const stacks = app.node.children.filter(TerraformStack.isStack);
  for (const stack of stacks) stack.prepareStack();
  return stacks.map((stack) => [stack.node.id, Testing.synth(stack, true)]);
}
