import { accessPlan } from "../../../../model/access/plan";
import type { Environment } from "../../../../model/config/environment";
import { review } from "../../../../model/config/review/schema";
import type { ReadEnvironment } from "../../../../tools/review/sides/side";
import { synthApp } from "../../../helpers/app";

/** An environment as the review reads it from what was synthesised. */
export function readEnvironment(environment: Environment): ReadEnvironment {
  const plan: ReadEnvironment["plan"] = JSON.parse(JSON.stringify(accessPlan(environment)));
  return { plan, stacks: synthApp(environment), rules: review.parse({}) };
}
