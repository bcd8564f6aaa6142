import { RULES_FILE } from "../../model/config/review/rules-file";
import { DEFAULT_RULES, type ReviewRules } from "../../model/config/review/schema";
import { compareAccess } from "./access/compare-access";
import { endedAccess } from "./access/until-and-reason";
import { comparePlanAndStacks } from "./consistency/plan-and-stack";
import type { Finding, JudgedFinding } from "./finding";
import { compareStacks, type StackCounts } from "./infrastructure/compare-stacks";
import { explainedByPlan } from "./infrastructure/explained";
import type { RuledPlan } from "./judge/broken-rules";
import { compareRules } from "./judge/compare-rules";
import { approvalGiven, digestOf, judge } from "./judge/judge";
import type { EnvironmentReview, Review } from "./result";
import type { EnvironmentSide, ReadEnvironment, Side } from "./sides/side";

export { ACCESS_REPORTS } from "./history/access-at";
export { accessLog } from "./history/access-log";
export { LOG_REPORTS } from "./history/log-report";
export { htmlReport } from "./html/html-report";
export { jsonReport } from "./report/json-report";
export { markdownReport } from "./report/markdown-report";
export { REPORTS } from "./report/reports";
export { textReport } from "./report/text-report";
export type { Review } from "./result";
export type { SideContext } from "./sides/open-side";
export { type NamedSides, openSideAt, openSides } from "./sides/open-sides";
export { findPlaces } from "./sides/places";
export { readSynthesis } from "./sides/read-synthesis";
export type { Side } from "./sides/side";
export { Workspace } from "./sides/workspace";

/** Options for {@link reviewSides}. */
export interface ReviewOptions {
  /** Environments to look at. @default all of either side */
  readonly names?: readonly string[];
  /** Digest that somebody approved; anything else is a UserError. @default none */
  readonly approved?: string;
  /** The time, an instant in UTC: what access has ended by then is said. @default nothing is said of that */
  readonly now?: string;
  /** What is found of both sides as a whole, such as that their code differs. @default nothing */
  readonly findings?: readonly Finding[];
}

/** Compares two synthesised sides and judges what differs. */
export function reviewSides(base: Side, head: Side, options: ReviewOptions = {}): Review {
  const names = [...new Set([...base.environments.keys(), ...head.environments.keys()])]
    .filter((name) => !options.names?.length || options.names.includes(name))
    .sort();
  const approved = options.approved === undefined ? undefined : approvalGiven(options.approved);
  const problems = sideProblems(base, head, names);
  const environments = names.map((name) => reviewEnvironment(name, base, head, problems.length === 0));
  // What is of no one environment is judged by the strictest of them all.
  const rules = names.flatMap((name) => rulesOf(base, head, name));
  const findings = judged(
    [...problems, ...(options.findings ?? [])],
    rules.length > 0 ? rules : [DEFAULT_RULES],
  );
  const toApprove = [{ name: "", findings }, ...environments].flatMap(({ name, findings }) =>
    findings
      .filter(({ decision }) => decision === "approve")
      .map((finding) => ({ environment: name, finding })),
  );
  const digest = toApprove.length === 0 ? undefined : digestOf(toApprove);
  const { now } = options;
  const ended =
    now === undefined ? [] : environments.flatMap(({ after }) => (after ? endedAccess(after, now) : []));
  return {
    version: 1,
    base: base.name,
    head: head.name,
    findings,
    environments,
    outcome:
      digest === undefined ? "nothing to approve" : digest === approved ? "approved" : "approval needed",
    ...(digest && { digest }),
    ...(ended.length > 0 && { ended }),
    ...(digest && approved && digest !== approved && { approvedOther: approved }),
  };
}

const ORDER = { approve: 0, notify: 1, allow: 2 } as const;

/**
 * What is wrong with a side as a whole. The content is all there is of the change, and that is its commit when it is what
 * cannot be read: whatever changes in it is no longer what was approved.
 */
function sideProblems(base: Side, head: Side, names: readonly string[]): Finding[] {
  const content = {
    commit: head.problem === undefined ? undefined : head.commit,
    environments: names.map((name) => [name, contentOf(head.environments.get(name))]),
  };
  const found = (which: string, problem: string | undefined): Finding[] => {
    if (problem === undefined) return [];
    return [{ kind: "not-computed", subject: which, text: `${which} cannot be read: ${problem}`, content }];
  };
  return [...found("the base", base.problem), ...found("the change", head.problem)];
}

/** @param comparable whether both sides could be read at all; if not, that is said once and for all environments */
function reviewEnvironment(name: string, base: Side, head: Side, comparable: boolean): EnvironmentReview {
  const before = base.environments.get(name);
  const after = head.environments.get(name);
  const found = comparable ? compare(name, before, after) : { findings: [], counts: [] };
  return {
    name,
    findings: judged(found.findings, rulesOf(base, head, name)),
    counts: found.counts,
    ...(isRead(before) && { before: before.plan }),
    ...(isRead(after) && { after: after.plan }),
  };
}

function rulesOf(base: Side, head: Side, name: string): ReviewRules[] {
  return [base, head].map(({ environments }) => {
    const side = environments.get(name);
    return (isRead(side) && side.rules) || DEFAULT_RULES;
  });
}

function judged(findings: readonly Finding[], rules: readonly ReviewRules[]): JudgedFinding[] {
  return judge(findings, rules).sort((left, right) => ORDER[left.decision] - ORDER[right.decision]);
}

interface Compared {
  readonly findings: readonly Finding[];
  readonly counts: readonly StackCounts[];
}

function compare(
  name: string,
  before: EnvironmentSide | undefined,
  after: EnvironmentSide | undefined,
): Compared {
  const notComputed = (text: string, content: unknown): Compared => ({
    findings: [{ kind: "not-computed", subject: name, text: `${name}: ${text}`, content }],
    counts: [],
  });
  // The content is all there is of the change: whatever changes in it is no longer what was approved.
  if (before && "problem" in before)
    return notComputed(`the base cannot be read: ${before.problem}`, contentOf(after));
  if (after && "problem" in after)
    return notComputed(`the change cannot be read: ${after.problem}`, contentOf(after));
  if (after && !after.rules) {
    return notComputed(
      `the change says nothing of what it is judged by: there is no ${RULES_FILE}`,
      contentOf(after),
    );
  }
  if (!after) {
    const text = `${name}: its file is gone; nothing destroys what it deployed, and nothing here looks after it any more`;
    return { findings: [{ kind: "environment-removed", subject: name, text }], counts: [] };
  }
  const stacks = compareStacks(before?.stacks ?? new Map(), after.stacks, explainedByPlan(name));
  return {
    findings: [
      ...compareRules(before && ruled(before), ruled(after)),
      ...comparePlanAndStacks(before, after),
      ...compareAccess(before?.plan, after.plan),
      ...stacks.findings,
    ],
    counts: stacks.counts,
  };
}

/** From before there were rules, a side has the defaults. */
function ruled({ plan, rules = DEFAULT_RULES }: ReadEnvironment): RuledPlan {
  return { plan, rules };
}

function contentOf(side: EnvironmentSide | undefined): unknown {
  return isRead(side) ? { ...side, stacks: [...side.stacks], beside: [...(side.beside ?? [])] } : side;
}

function isRead(side: EnvironmentSide | undefined): side is ReadEnvironment {
  return side !== undefined && "plan" in side;
}
