import { setImmediate } from "node:timers/promises";
import { quote, suggestion } from "../../../lib/nearest";
import { UserError } from "../../../lib/user-error";
import type { Finding } from "../finding";
import { compareCode } from "./compare-code";
import { defaultBase } from "./default-base";
import { type NamedSide, namedSide, revisionSide, WORKING_TREE } from "./named-side";
import { openSide, openSynthesised, type SideContext } from "./open-side";
import type { Side } from "./side";

/** What to compare, as it was named. */
export interface NamedSides {
  /** Revision or folder. @default where the head left the default branch */
  readonly base?: string;
  /** Revision or folder. @default the working tree */
  readonly head?: string;
  /** Folder with what the head was synthesised to elsewhere, where its code is another than the base's. @default it is synthesised here */
  readonly synthesised?: string;
}

/** Two sides to compare, and what is found of both as a whole. */
export interface Sides {
  readonly base: Side;
  readonly head: Side;
  readonly findings: readonly Finding[];
}

/**
 * Makes both sides, at the same time.
 * @throws UserError for what cannot be compared, and for a name that no environment of either has
 */
export async function openSides(named: NamedSides, context: SideContext): Promise<Sides> {
  const { places, names } = context;
  const headSide = named.head === undefined ? WORKING_TREE : namedSide("--head", named.head, places);
  const baseSide =
    named.base === undefined ? usualBase(headSide, context) : namedSide("--base", named.base, places);
  const { synthesised } = named;
  const opened =
    synthesised === undefined
      ? () => openSide(headSide, "head", context)
      : () => openSynthesised(synthesis(synthesised, context), headSide, "head", context);
  // The base's own code runs in a process of its own, meanwhile this one is at work for the head, and does nothing else.
  const opening = openSide(baseSide, "base", context);
  const begun = setImmediate();
  const [base, handedOver] = await Promise.all([opening, begun.then(opened)]);
  const findings = compareCode(base, handedOver, places.environments);
  // What the base's own code can make is nobody's word to take: it could be forged, and nothing would ask.
  const own = synthesised !== undefined && findings.length === 0;
  const head = own ? await openSide(headSide, "own", context) : handedOver;
  if (own) context.log(`The code of ${headSide.name} is the base's, which synthesises it here.`);
  checkNames(names, base.side, head.side);
  return { base: base.side, head: head.side, findings };
}

/**
 * Makes the one side that is looked at.
 * @throws UserError for what is none, and for a name that no environment of it has
 */
export async function openSideAt(text: string, context: SideContext): Promise<Side> {
  const { side } = await openSide(namedSide("--at", text, context.places), "at", context);
  checkNames(context.names, side);
  const { names } = context;
  const chosen = [...side.environments].filter(([name]) => names.length === 0 || names.includes(name));
  return { ...side, environments: new Map(chosen) };
}

function usualBase(head: NamedSide, { places: { repository }, log }: SideContext): NamedSide {
  if (!repository) {
    throw new UserError([
      "The environment files are in no git repository: --base names a folder to compare with.",
    ]);
  }
  const { commit, branch, isHead } = defaultBase(repository, head.kind === "revision" ? head.commit : "HEAD");
  const side = revisionSide(repository, commit);
  const where = head.kind === "revision" ? head.name : "HEAD";
  log(`The base is ${side.name}, where ${where} left ${branch}${isHead ? `: ${where} itself` : ""}.`);
  return isHead && head.kind !== "revision" ? { ...side, name: `${side.name} (HEAD)` } : side;
}

function synthesis(folder: string, { places }: SideContext): string {
  const found = namedSide("--synthesised", folder, { ...places, repository: undefined });
  if (found.kind === "synthesis") return found.folder;
  throw new UserError([`--synthesised takes a folder that npm run synth wrote; ${quote(folder)} is none.`]);
}

function checkNames(names: readonly string[], ...sides: readonly Side[]): void {
  const known = [...new Set(sides.flatMap(({ environments }) => [...environments.keys()]))];
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const problem = sides.find((side) => side.problem !== undefined)?.problem;
  const unread = problem === undefined ? "" : ` One side cannot be read: ${problem}`;
  throw new UserError(
    unknown.map((name) => `there is no environment ${name}.${suggestion(name, known)}${unread}`),
  );
}
