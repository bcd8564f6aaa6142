import { accessPlan } from "../../../../model/access/plan";
import type { Environment } from "../../../../model/config/environment";
import { review } from "../../../../model/config/review/schema";
import type { ReadEnvironment } from "../../../../tools/review/sides/side";
import { synthApp } from "../../../helpers/app";
import type { TerraformJson } from "../../../helpers/construct";

/** An environment as the review reads it from what was synthesised. */
export function readEnvironment(environment: Environment): ReadEnvironment {
  return synthesisedEnvironment(environment);
}

/** One whose stacks can be looked into. */
export interface SynthesisedEnvironment extends ReadEnvironment {
  readonly stacks: ReadonlyMap<string, TerraformJson>;
}

/** The same with its stacks as Terraform's JSON. */
export function synthesisedEnvironment(environment: Environment): SynthesisedEnvironment {
  const plan: ReadEnvironment["plan"] = JSON.parse(JSON.stringify(accessPlan(environment)));
  return { plan, stacks: synthApp(environment), rules: review.parse({}) };
}
