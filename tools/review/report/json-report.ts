import { terminalJson } from "../../../lib/terminal-text";
import { effectOf, type Finding, type JudgedFinding } from "../finding";
import type { Review } from "../result";

/**
 * A review for programs: the contract, version 1. Keys always come in this order; what a finding does not have is left out.
 *
 * - `version`: 1; the number changes when a reader would have to
 * - `outcome`: `nothing to approve`, `approval needed` or `approved`; `digest`: what `--approve` takes, when there is anything to
 *   approve
 * - `base`, `head`: what the two sides are called
 * - `ended[]`: access of the change that had ended by the time of the review, a line each
 * - `findings[]`: what is found of both sides as a whole, those to approve first
 * - `environments[]`: `name`; `account` and `region`, where its plan could be read; `findings[]` likewise; `stacks[]`, for each that differs its `stack` and how many resources are `added`, `changed`, `replaced` and `removed`
 * - `findings[]`: `decision` (`allow`, `notify`, `approve`), `effect` (`widened`, `narrowed`, `neutral`), `kind`, `subject`, `text`,
 *   `details[]`, and in `also[]` what follows from it, each with the same keys but `decision`
 *
 * Plans and stacks are not in it: they are in what was synthesised.
 */
export function jsonReport({ outcome, digest, base, head, ended, findings, environments }: Review): string {
  return terminalJson({
    version: 1,
    outcome,
    digest,
    base,
    head,
    ended,
    findings: findings.map(judged),
    environments: environments.map(({ name, before, after = before, findings, counts }) => ({
      name,
      account: after?.account,
      region: after?.region,
      findings: findings.map(judged),
      stacks: counts.map(({ stack, added, changed, replaced, removed }) => ({
        stack,
        added,
        changed,
        replaced,
        removed,
      })),
    })),
  });
}

function judged(finding: JudgedFinding): object {
  return { decision: finding.decision, ...shown(finding) };
}

function shown(finding: Finding): object {
  const { kind, subject, text, details, also } = finding;
  return { effect: effectOf(finding), kind, subject, text, details, also: also?.map(shown) };
}
