import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { npmCiArguments, npmReason } from "../../../lib/npm-install";
import { environmentsIn } from "./environment-files";
import { lastWords } from "./last-words";
import type { Places } from "./places";
import { readSynthesis } from "./read-synthesis";
import type { Side } from "./side";
import type { Ended, Workspace } from "./workspace";

/** A checkout of this project, by whose own code it is synthesised. */
export interface Checkout {
  readonly name: string;
  /** Where its package.json is. */
  readonly folder: string;
  /** Where its synthesis is written: outside of it. */
  readonly outdir: string;
  /** The folder of environment files, or the files, from there. */
  readonly environments: readonly string[];
  /** Packages that it is to have. @default those of this project if it needs the same, else npm installs them */
  readonly packages?: string;
}

/** What it takes to synthesise one. */
export interface SynthesisContext {
  /** Where this project and its environment files are. */
  readonly places: Places;
  /** Environments to synthesise. @default all */
  readonly names: readonly string[];
  readonly workspace: Workspace;
  readonly env: NodeJS.ProcessEnv;
  /** Says what takes long. */
  readonly log: (line: string) => void;
}

/** Variables that are for the command at work, and would make another one of it. */
const NOT_INHERITED = ["CDKTF_CONTEXT_JSON", "WARNINGS"];

/** Synthesises a checkout by its own code; what it fails at is the side's problem. */
export async function synthesiseCheckout(checkout: Checkout, context: SynthesisContext): Promise<Side> {
  const { name, folder, outdir } = checkout;
  const environments = environmentsIn(folder, checkout.environments);
  // There was no environment yet.
  if (environments === undefined) return { name, environments: new Map() };
  const problem = (await prepare(checkout, context)) ?? (await synth(checkout, environments, context));
  return problem === undefined
    ? readSynthesis(outdir, name)
    : { name, environments: new Map(), problem: cleaned(problem, folder, context) };
}

/** Sees to it that the checkout has what it needs; returns why it has not. */
async function prepare(checkout: Checkout, context: SynthesisContext): Promise<string | undefined> {
  const { name, folder } = checkout;
  if (!existsSync(join(folder, "package.json"))) return "it has environment files and no package.json";
  const target = join(folder, "node_modules");
  if (lstatSync(target, { throwIfNoEntry: false })) return undefined;
  const { project } = context.places;
  const lock = lockOf(folder);
  const same = lock !== undefined && lock === lockOf(project);
  const packages = checkout.packages ?? (same ? join(project, "node_modules") : undefined);
  if (packages !== undefined) {
    if (!existsSync(packages)) return "it has no node_modules: run npm ci there";
    symlinkSync(packages, target);
    return undefined;
  }
  // Whoever needs the same later has a link to it. By another name than node_modules packages would not find each other.
  const digest = createHash("sha256")
    .update(lock ?? "")
    .digest("hex");
  const shared = join(context.workspace.folder, `packages-${digest}`, "node_modules");
  const problem = await context.workspace.once(shared, async () => {
    context.log(
      `${name} has another package-lock.json: npm ci installs what it needs, which takes a while …`,
    );
    const { code, said } = await context.workspace.run("npm", npmCiArguments(folder), folder, context.env);
    if (code !== 0) return npmReason(said);
    mkdirSync(dirname(shared));
    renameSync(target, shared);
    return undefined;
  });
  if (problem === undefined) symlinkSync(shared, target);
  return problem;
}

/** Runs the checkout's synth; returns why it failed. */
async function synth(
  { folder, outdir }: Checkout,
  environments: string,
  { names, workspace, env }: SynthesisContext,
): Promise<string | undefined> {
  const script = scriptOf(folder);
  if (script === undefined) return "its package.json has no script synth";
  const inherited = Object.entries(env).filter(([variable]) => !NOT_INHERITED.includes(variable));
  const variables = {
    ...Object.fromEntries(inherited),
    ENVIRONMENTS: environments,
    CDKTF_OUTDIR: outdir,
  };
  // npm takes longer to start than a synthesis.
  const [program, ...args] = /^node [\w./ -]+$/.test(script)
    ? [process.execPath, ...script.split(" ").slice(1)]
    : ["npm", "run", "--silent", "synth", "--"];
  const run = (more: readonly string[]): Promise<Ended> =>
    workspace.run(program, [...args, ...more], folder, variables);
  let ended = await run(names);
  // It may not have some of them.
  if (ended.code !== 0 && names.length > 0) ended = await run([]);
  return ended.code === 0 ? undefined : ended.said;
}

function scriptOf(folder: string): string | undefined {
  try {
    const script: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).scripts?.synth;
    return typeof script === "string" ? script : undefined;
  } catch {
    return undefined;
  }
}

function lockOf(folder: string): string | undefined {
  const file = join(folder, "package-lock.json");
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

function cleaned(problem: string, folder: string, { places, workspace }: SynthesisContext): string {
  return lastWords(problem, { [`${folder}/`]: "", [`${workspace.folder}/`]: "", [`${places.project}/`]: "" });
}
