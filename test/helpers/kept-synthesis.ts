import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { serialize } from "node:v8";
import type { Environment } from "../../model/config/environment";

/** A synthesis: the JSON of each stack by its id. */
export type Stacks = readonly (readonly [id: string, json: string])[];

/**
 * A synthesis that a run of `npm test` makes once, whichever file asks for it first: loading cdktf and its providers takes
 * a file longer than most of its tests. It goes with the run, so that none is older than the sources. `npm run test:all`
 * keeps none: there each file makes its own.
 * @param how tells apart what is made otherwise of the same environments
 */
export function keptSynthesis(how: string, environments: readonly Environment[], make: () => Stacks): Stacks {
  const folder = process.env.KEPT_SYNTHESES;
  if (folder === undefined) return make();
  const digest = createHash("sha256")
    .update(serialize([how, environments]))
    .digest("hex");
  const file = join(folder, digest);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
  const made = make();
  // Another file may make the same meanwhile: whoever reads it gets it whole.
  const own = `${file}.${process.pid}`;
  writeFileSync(own, JSON.stringify(made));
  renameSync(own, file);
  return made;
}
