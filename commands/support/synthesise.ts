import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../model/config/environment";
import { environmentsApp } from "../../stacks/environment-stacks";
import { writeReview } from "./review-files";

/** A stack as it was written. */
export interface SynthesisedStack {
  readonly id: string;
  /** Path of its Terraform JSON. */
  readonly file: string;
  /** Number of resources in it; data sources and outputs do not count. */
  readonly resources: number;
}

/** What a synthesis wrote. */
export interface Synthesised {
  readonly stacks: readonly SynthesisedStack[];
  /** Folders with the access report, the plan as JSON and the SQL, one of each environment. */
  readonly reviews: readonly string[];
}

/**
 * Writes the stacks of these environments to cdktf.out (or CDKTF_OUTDIR), as `cdktf synth` does, and what reviewers
 * read beside them.
 */
export function synthesise(environments: readonly Environment[]): Synthesised {
  const app = environmentsApp(environments);
  app.synth();
  const stacks = Object.values(app.manifest.stacks).map(({ name, synthesizedStackPath }) => {
    const file = join(app.outdir, synthesizedStackPath);
    const { resource = {} }: { resource?: Record<string, object> } = JSON.parse(readFileSync(file, "utf8"));
    const resources = Object.values(resource).reduce((sum, byName) => sum + Object.keys(byName).length, 0);
    return { id: name, file, resources };
  });
  return { stacks, reviews: environments.map((environment) => writeReview(environment, app.outdir)) };
}
