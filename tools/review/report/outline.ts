import type { FindingKind } from "../../../model/config/review/kinds";
import type { Finding, JudgedFinding } from "../finding";
import { effectOf } from "../finding";
import type { Review } from "../result";

/** What is found alike in some environments, which a reviewer reads once; without any, it is of both sides as a whole. */
export interface FindingsOf {
  readonly environments: readonly string[];
  readonly findings: readonly JudgedFinding[];
}

/** A review as reports for people show it. */
export interface Outline {
  readonly toApprove: readonly FindingsOf[];
  readonly toKnow: readonly FindingsOf[];
  readonly allowed: readonly FindingsOf[];
  /** How many environments there are, and in how many of them nothing is found and no resource differs. */
  readonly total: number;
  readonly unchanged: number;
}

/**
 * A review by what a reviewer has to do about it.
 * @param sameAs what is the same of findings that are alike. @default all that a report shows of one
 */
export function outline(
  { findings: common, environments }: Review,
  sameAs: (finding: Finding) => string = shownOf,
): Outline {
  const of = (decision: JudgedFinding["decision"]) => {
    const decided = (findings: readonly JudgedFinding[]) =>
      findings.filter((finding) => finding.decision === decision);
    const whole = decided(common);
    const found = grouped(
      environments.map(({ name, findings }) => ({ name, findings: decided(findings) })),
      sameAs,
    );
    return whole.length > 0 ? [{ environments: [], findings: whole }, ...found] : found;
  };
  return {
    toApprove: of("approve"),
    toKnow: of("notify"),
    allowed: of("allow"),
    total: environments.length,
    unchanged: environments.filter(({ findings, counts }) => findings.length + counts.length === 0).length,
  };
}

function grouped(
  environments: readonly { readonly name: string; readonly findings: readonly JudgedFinding[] }[],
  sameAs: (finding: Finding) => string,
): FindingsOf[] {
  const alike = new Map<string, { finding: JudgedFinding; names: Set<string> }>();
  for (const { name, findings } of environments) {
    for (const finding of findings) {
      const shown = sameAs(finding);
      const found = alike.get(shown);
      if (found) found.names.add(name);
      else alike.set(shown, { finding, names: new Set([name]) });
    }
  }
  const groups = new Map<string, { environments: string[]; findings: JudgedFinding[] }>();
  for (const { finding, names } of alike.values()) {
    const key = JSON.stringify([...names]);
    const group = groups.get(key);
    if (group) group.findings.push(finding);
    else groups.set(key, { environments: [...names], findings: [finding] });
  }
  return [...groups.values()];
}

/** All of a finding that a report shows. */
function shownOf({ kind, subject, text, details = [], also = [] }: Finding): string {
  return JSON.stringify([kind, subject, text, details, also.map(shownOf)]);
}

/**
 * A finding and what follows from it as one line, in the order they are told. Where not all of it has the same effect,
 * what follows has its own before it.
 * @param show a finding's own text, as whoever reads it wants it
 */
export function told(finding: Finding, show: (finding: Finding) => string): string {
  const following = (finding.also ?? []).flatMap(withFollowing);
  const alike = following.every((each) => effectOf(each) === effectOf(finding));
  const texts = following.map((each) => (alike ? show(each) : `${effectOf(each)}: ${show(each)}`));
  return [show(finding), ...texts].join("; ");
}

/** Details of a finding and of what follows from it. */
export function detailsOf(finding: Finding): string[] {
  return withFollowing(finding).flatMap(({ details = [] }) => details);
}

function withFollowing(finding: Finding): Finding[] {
  return [finding, ...(finding.also ?? []).flatMap(withFollowing)];
}

/** How many findings there are; what is found alike in several environments counts once. */
export function countOf(groups: readonly FindingsOf[]): number {
  return groups.reduce((sum, { findings }) => sum + findings.length, 0);
}

/** How many there are of each kind: `3 resource-added, 1 protection-on`. */
export function kindsOf(groups: readonly FindingsOf[]): string {
  return countedKinds(groups.flatMap(({ findings }) => findings));
}

/** The same of findings. */
export function countedKinds(findings: readonly Finding[]): string {
  const counts = new Map<FindingKind, number>();
  for (const { kind } of findings) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(", ");
}

/** `1 finding`, `2 findings`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** `dev`, `dev and prod`, `dev, prod and test`; all of more than a few are `all 300 environments`. */
export function named(names: readonly string[], total: number): string {
  if (names.length === total && total > 3) return `all ${total} environments`;
  return [names.slice(0, -1).join(", "), ...names.slice(-1)].filter((part) => part !== "").join(" and ");
}
