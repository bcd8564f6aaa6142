import { review as reviewSchema } from "../../model/config/review/schema";
import { compareAccess } from "./access/compare-access";
import type { Finding } from "./finding";
import { compareStacks, type StackCounts } from "./infrastructure/compare-stacks";
import { compareRules } from "./judge/compare-rules";
import { digestOf, judge } from "./judge/judge";
import type { EnvironmentReview, Review } from "./result";
import type { EnvironmentSide, ReadEnvironment, Side } from "./sides/side";

export { textReport } from "./report/text-report";
export type { Review } from "./result";
export { readSynthesis } from "./sides/read-synthesis";
export type { Side } from "./sides/side";

/** Options for {@link reviewSides}. */
export interface ReviewOptions {
  /** Environments to look at. @default all of either side */
  readonly names?: readonly string[];
  /** Digest that somebody approved. @default none */
  readonly approved?: string;
  /** What is found of both sides as a whole, such as that their code differs. @default nothing */
  readonly findings?: readonly Finding[];
}

/** Compares two synthesised sides and judges what differs. */
export function reviewSides(base: Side, head: Side, options: ReviewOptions = {}): Review {
  const all = [...new Set([...base.environments.keys(), ...head.environments.keys()])].sort();
  const environments = all
    .filter((name) => !options.names?.length || options.names.includes(name))
    .map((name) => reviewEnvironment(name, base, head, options.findings ?? []));
  const toApprove = environments.flatMap(({ name, findings }) =>
    findings
      .filter(({ decision }) => decision === "approve")
      .map((finding) => ({ environment: name, finding })),
  );
  const digest = toApprove.length === 0 ? undefined : digestOf(toApprove);
  return {
    version: 1,
    base: base.name,
    head: head.name,
    environments,
    outcome:
      digest === undefined
        ? "nothing to approve"
        : digest === options.approved
          ? "approved"
          : "approval needed",
    ...(digest && { digest }),
  };
}

/** Rules of an environment that has none of its own. */
const DEFAULT_RULES = reviewSchema.parse({});

const ORDER = { approve: 0, notify: 1, allow: 2 } as const;

function reviewEnvironment(
  name: string,
  base: Side,
  head: Side,
  common: readonly Finding[],
): EnvironmentReview {
  const before = environmentOf(base, name);
  const after = environmentOf(head, name);
  const found = compare(name, before, after);
  const rules = [before, after].map((side) => (isRead(side) ? side.rules : DEFAULT_RULES));
  const findings = judge([...common, ...found.findings], rules).sort(
    (left, right) => ORDER[left.decision] - ORDER[right.decision],
  );
  return {
    name,
    findings,
    counts: found.counts,
    ...(isRead(before) && { before: before.plan }),
    ...(isRead(after) && { after: after.plan }),
  };
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
  // The content is all of the other side: whatever changes in it is no longer what was approved.
  if (before && "problem" in before)
    return notComputed(`the base cannot be read: ${before.problem}`, contentOf(after));
  if (after && "problem" in after) return notComputed(`the change cannot be read: ${after.problem}`, null);
  if (!after) {
    const text = `${name}: its file is gone; nothing destroys what it deployed, and nothing here looks after it any more`;
    return { findings: [{ kind: "environment-removed", subject: name, text }], counts: [] };
  }
  const added: Finding[] = before
    ? []
    : [{ kind: "environment-added", subject: name, text: `${name}: a new environment` }];
  const stacks = compareStacks(before?.stacks ?? new Map(), after.stacks);
  return {
    findings: [
      ...added,
      ...compareRules(before, after),
      ...compareAccess(before?.plan, after.plan),
      ...stacks.findings,
    ],
    counts: stacks.counts,
  };
}

function environmentOf({ environments, problem }: Side, name: string): EnvironmentSide | undefined {
  return problem === undefined ? environments.get(name) : { problem };
}

function contentOf(side: EnvironmentSide | undefined): unknown {
  return isRead(side) ? { ...side, stacks: [...side.stacks] } : side;
}

function isRead(side: EnvironmentSide | undefined): side is ReadEnvironment {
  return side !== undefined && "plan" in side;
}
