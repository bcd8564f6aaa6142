import { rmSync } from "node:fs";
import { join, relative } from "node:path";
import { quote, suggestion } from "../../../lib/nearest";
import { UserError } from "../../../lib/user-error";
import type { AccessPlan } from "../../../model/access/plan";
import { planProblem } from "../access/plan-shape";
import { revisionSide } from "../sides/named-side";
import { openSide, type SideContext } from "../sides/open-side";
import type { Side } from "../sides/side";
import { type Commit, commitsOf } from "./commits";
import { changeOf, targetsOf } from "./target";

/** Commits that are synthesised at the same time. */
const AT_ONCE = 2;

/** What a commit did to somebody's access, or why nobody can say. */
export interface LogEntry {
  readonly date: string;
  /** Short id. */
  readonly commit: string;
  readonly author: string;
  /** In words, each with the environments that it is of. */
  readonly changes: readonly { readonly environments: readonly string[]; readonly text: string }[];
}

/** A plan of an environment, or why there is none. */
type Planned = AccessPlan | { readonly problem: string };

/** The environments of a commit. */
interface PlannedCommit {
  readonly commit: Commit;
  readonly plans: ReadonlyMap<string, Planned>;
  /** Why none of them could be made. */
  readonly problem?: string;
}

/**
 * The history of an identity's access, or of everybody's to a schema: each commit that changed it, the newest first. A
 * commit that cannot be computed is in it as such, and the next one is compared with the last that could be.
 * @param target key of an identity, or `<database>.<schema>`, as it is called now or was last
 * @throws UserError when there never was one of that name
 */
export async function accessLog(target: string, context: SideContext): Promise<readonly LogEntry[]> {
  const { places, log } = context;
  const { repository } = places;
  if (!repository)
    throw new UserError(["--log reads git's history, and the environment files are in no git repository."]);
  if (repository.commit("HEAD") === undefined) throw new UserError(["--log: there is no commit yet."]);
  if (repository.shallow) {
    log("This clone does not have all of the history: git fetch --unshallow gets the rest.");
  }
  const commits = commitsOf(repository, places);
  let done = 0;
  const planned = await inOrder(commits, async (commit) => {
    const made = await plansOf(commit, context);
    done += 1;
    log(`${done} of ${commits.length}: ${commit.id.slice(0, 10)} of ${commit.date}`);
    return made;
  });
  checkTarget(target, planned);
  return entries(target, planned, context.names);
}

/** What happened, the newest first: from there the target is followed to what it was called before. */
function entries(
  target: string,
  planned: readonly PlannedCommit[],
  names: readonly string[],
): readonly LogEntry[] {
  const found = new Map<PlannedCommit, Map<string, string[]>>();
  const say = (at: PlannedCommit, environment: string, text: string) => {
    const texts = found.get(at) ?? found.set(at, new Map()).get(at);
    texts?.set(text, [...(texts.get(text) ?? []), environment]);
  };
  const all = planned.flatMap(({ plans }) => [...plans.keys()]);
  const environments = [...new Set(all)].filter((name) => names.length === 0 || names.includes(name)).sort();
  for (const environment of environments) {
    let called = target;
    let later: { at: PlannedCommit; plan: AccessPlan | undefined } | undefined;
    for (const at of [...planned].reverse()) {
      const plan = at.problem === undefined ? at.plans.get(environment) : undefined;
      if (at.problem !== undefined) continue;
      if (plan && "problem" in plan) {
        say(at, environment, `cannot be computed: ${plan.problem}`);
        continue;
      }
      if (later) called = compare(called, plan, later, (text) => later && say(later.at, environment, text));
      later = { at, plan };
    }
    if (later) compare(called, undefined, later, (text) => later && say(later.at, environment, text));
  }
  for (const at of planned) if (at.problem !== undefined) say(at, "", `cannot be computed: ${at.problem}`);
  return [...planned].reverse().flatMap((at): LogEntry[] => {
    const texts = found.get(at);
    if (!texts) return [];
    const { id, date, author } = at.commit;
    const changes = [...texts].map(([text, of]) => ({
      environments: of.filter((name) => name !== ""),
      text,
    }));
    return [{ date, commit: id.slice(0, 10), author, changes }];
  });
}

/** Says what a step changed; returns what the target was called before it. */
function compare(
  called: string,
  before: AccessPlan | undefined,
  { plan: after }: { readonly plan: AccessPlan | undefined },
  say: (text: string) => void,
): string {
  if (!after) {
    if (before && targetsOf(before).includes(called)) say(`${called}: the environment's file is gone`);
    return called;
  }
  const { texts, calledBefore } = changeOf(called, before, after);
  texts.forEach(say);
  return calledBefore;
}

/** Makes what each commit had, by its own code. */
async function plansOf(commit: Commit, context: SideContext): Promise<PlannedCommit> {
  const { places, workspace } = context;
  const { repository, project } = places;
  if (!repository) return { commit, plans: new Map() };
  const environments = commit.environments.map((path) => relative(project, join(repository.top, path)));
  if (environments.length === 0) return { commit, plans: new Map() };
  const key = commit.id;
  const { side } = await openSide(revisionSide(repository, commit.id), key, {
    ...context,
    places: { ...places, environments },
    log: () => undefined,
  });
  for (const folder of [key, `${key}-out`]) {
    rmSync(join(workspace.folder, folder), { recursive: true, force: true });
  }
  return { commit, ...plansIn(side) };
}

function plansIn({ environments, problem }: Side): Omit<PlannedCommit, "commit"> {
  const plans = [...environments].map(([name, side]): [string, Planned] => {
    if ("problem" in side) return [name, side];
    const unreadable = planProblem(side.plan);
    return [name, unreadable === undefined ? side.plan : { problem: unreadable }];
  });
  return { plans: new Map(plans), ...(problem !== undefined && { problem }) };
}

function checkTarget(target: string, planned: readonly PlannedCommit[]): void {
  const plans = planned.flatMap((each) => [...each.plans.values()]);
  const known = new Set(plans.flatMap((plan) => ("problem" in plan ? [] : targetsOf(plan))));
  if (known.has(target)) return;
  const broken = planned.filter(({ problem }) => problem !== undefined).length;
  const unread = broken === 0 ? "" : ` ${broken} of the commits cannot be computed.`;
  throw new UserError([
    `There never was an identity or schema ${quote(target)}.${suggestion(target, [...known])}${unread}`,
  ]);
}

/** Does some at a time; the results are in the order of what they are of. */
async function inOrder<From, To>(all: readonly From[], make: (each: From) => Promise<To>): Promise<To[]> {
  const results = new Map<From, To>();
  const left = all.values();
  const work = async () => {
    for (const each of left) results.set(each, await make(each));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return all.flatMap((each) => {
    const result = results.get(each);
    return result === undefined ? [] : [result];
  });
}
