import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformResource } from "cdktf";
import { UserError } from "../lib/user-error";
import type { Environment } from "../model/config/environment";
import { environmentsApp } from "./environment-stacks";
import { refuseToLoseState, removeLeftovers } from "./leftovers";
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

/** Options for {@link synthesise}. */
export interface SynthesisOptions {
  /** Folder to write to; it is made, with those above it. @default "cdktf.out" */
  readonly outdir?: string;
  /** Whether somebody else removes the folders of stacks that are no more. @default false */
  readonly stacksGoLater?: boolean;
}

/**
 * Writes the stacks of these environments, and beside them what reviewers read. Nothing else that an earlier synthesis
 * wrote stays there: no stack, no review.
 * @throws UserError when a state would go with it, and when the folder cannot be written
 */
export function synthesise(
  environments: readonly Environment[],
  { outdir = "cdktf.out", stacksGoLater = false }: SynthesisOptions = {},
): Synthesised {
  try {
    return write(environments, outdir, stacksGoLater);
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw new UserError([
      `${outdir} cannot be written (${error.message}); CDKTF_OUTDIR names another folder`,
    ]);
  }
}

function write(environments: readonly Environment[], outdir: string, stacksGoLater: boolean): Synthesised {
  mkdirSync(outdir, { recursive: true });
  const app = environmentsApp(environments, outdir);
  const written = {
    stacks: app.node.children.map(({ node }) => node.id),
    review: environments.map(({ name }) => name),
  };
  refuseToLoseState(outdir, written.stacks);
  app.synth();
  if (!stacksGoLater) removeLeftovers(outdir, "stacks", written.stacks);
  removeLeftovers(outdir, "review", written.review);
  const stacks = Object.values(app.manifest.stacks).map(({ name, synthesizedStackPath }) => ({
    id: name,
    file: join(outdir, synthesizedStackPath),
    resources: app.node.findChild(name).node.findAll().filter(TerraformResource.isTerraformResource).length,
  }));
  return { stacks, reviews: environments.map((environment) => writeReview(environment, outdir)) };
}

/**
 * The Terraform JSON of a stack that was written.
 * @throws Error when there is none of that id
 */
export function readStack({ stacks }: Synthesised, id: string): unknown {
  const stack = stacks.find((each) => each.id === id);
  if (!stack) throw new Error(`The stack ${id} was not synthesised.`);
  return JSON.parse(readFileSync(stack.file, "utf8"));
}
