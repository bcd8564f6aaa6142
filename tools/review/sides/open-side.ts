import { cpSync, existsSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { UserError } from "../../../lib/user-error";
import { environmentsIn } from "./environment-files";
import { lastWords } from "./last-words";
import type { NamedSide, RevisionSide } from "./named-side";
import { codeOf, codeOfProject, NOT_OF_A_CHECKOUT } from "./project-code";
import { readSynthesis } from "./read-synthesis";
import type { OpenedSide, Side } from "./side";
import { type Checkout, type SynthesisContext, synthesiseCheckout } from "./synthesise-checkout";

/**
 * Synthesises environment files by the code that runs.
 * @param source the folder of environment files, or the files
 * @param outdir where to write
 * @param named what to call a file in what is written. @default as it is
 */
export type SynthesiseHere = (source: string, outdir: string, named?: (file: string) => string) => void;

/** Where sides are made, and by what. */
export interface SideContext extends SynthesisContext {
  readonly synthesiseHere: SynthesiseHere;
}

/**
 * Makes a side of what was named.
 * @param key what to call its folders in the workspace: no two sides have the same
 */
export async function openSide(named: NamedSide, key: string, context: SideContext): Promise<OpenedSide> {
  const { places, workspace } = context;
  const { name } = named;
  const outdir = join(workspace.folder, `${key}-out`);
  switch (named.kind) {
    case "working tree":
      context.synthesiseHere(places.environments.join(","), outdir);
      return { side: readSynthesis(outdir, name), code: places.code };
    case "synthesis":
      return { side: readSynthesis(named.folder, name), code: undefined };
    case "environments": {
      const [first = "."] = places.environments;
      const ofOurs = (file: string) => join(/\.ya?ml$/.test(first) ? dirname(first) : first, basename(file));
      return { side: synthesisedHere(named.folder, ["."], name, outdir, context, ofOurs), code: places.code };
    }
    case "checkout": {
      const code = codeOf(named.folder);
      const side = await synthesiseCheckout(copied(named.folder, name, key, outdir, context), context);
      return { side, code: () => code };
    }
    case "revision": {
      const { top, folder, code } = checkedOut(named, key, context);
      const { commit } = named;
      if (places.together) {
        const checkout = { name, folder, outdir, environments: places.environments };
        return { side: { ...(await synthesiseCheckout(checkout, context)), commit }, code };
      }
      const inTop = (path: string) => relative(named.repository.top, resolve(places.project, path));
      const ofOurs = (file: string) =>
        relative(places.project, join(named.repository.top, relative(top, file)));
      const environments = places.environments.map(inTop);
      const side = synthesisedHere(top, environments, name, outdir, context, ofOurs);
      return { side: { ...side, commit }, code: places.code };
    }
  }
}

/** A side that was synthesised elsewhere, of what was named: nothing of that runs here. */
export function openSynthesised(
  folder: string,
  named: NamedSide,
  key: string,
  context: SideContext,
): OpenedSide {
  const side = readSynthesis(folder, named.name);
  switch (named.kind) {
    case "revision":
      return {
        side: { ...side, commit: named.commit },
        code: context.places.together ? checkedOut(named, key, context).code : undefined,
      };
    case "checkout":
      return { side, code: () => codeOf(named.folder) };
    default:
      throw new UserError([
        "--synthesised is what --head was synthesised to elsewhere: name it with --head, a revision or a checkout.",
      ]);
  }
}

/** A checkout of somebody's, in which nothing is written: not even what its synthesis commits. */
function copied(
  from: string,
  name: string,
  key: string,
  outdir: string,
  { workspace, places }: SideContext,
): Checkout {
  const folder = join(workspace.folder, key);
  cpSync(from, folder, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => dirname(path) !== from || !NOT_OF_A_CHECKOUT.includes(basename(path)),
  });
  // What is outside of the project stays where it is: beside the checkout, or the same for both sides.
  const environments = places.environments.map((path) => {
    if (!path.startsWith("..")) return path;
    return relative(
      folder,
      [from, places.project].map((each) => resolve(each, path)).find(existsSync) ?? path,
    );
  });
  return { name, folder, outdir, environments, packages: join(from, "node_modules") };
}

function checkedOut({ commit, repository, name }: RevisionSide, key: string, context: SideContext) {
  const { workspace, places, log } = context;
  const top = join(workspace.folder, key);
  const files = repository.checkOut(commit, top);
  for (const { path, submodule } of files) {
    if (submodule !== undefined) log(`${name}: ${path} is a submodule, which is not checked out`);
  }
  const folder = places.together ? join(top, relative(repository.top, places.project)) : top;
  const code = codeOfProject(top, folder, files);
  return { top, folder, code: () => code };
}

function synthesisedHere(
  folder: string,
  environments: readonly string[],
  name: string,
  outdir: string,
  { synthesiseHere, workspace, places }: SideContext,
  ofOurs: (file: string) => string,
): Side {
  const found = environmentsIn(folder, environments);
  // There was no environment yet.
  if (found === undefined) return { name, environments: new Map() };
  const source = found.split(",").map((path) => join(folder, path));
  try {
    synthesiseHere(source.join(","), outdir, ofOurs);
    return readSynthesis(outdir, name);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const names = { [`${folder}/`]: "", [`${workspace.folder}/`]: "", [`${places.project}/`]: "" };
    return { name, environments: new Map(), problem: lastWords(error.messages.join("\n"), names) };
  }
}
