import { DECISIONS, type Decision } from "../../../model/config/review/kinds";
import { counted, countOf, type Outline } from "../report/outline";
import type { EnvironmentReview, Review } from "../result";
import { html, type Markup } from "./markup";

/**
 * What comes of the review, and how to approve it.
 * @param command how to run it again
 */
export function outcomeOf(review: Review, found: Outline, command: string): Markup {
  const { base, head, environments, outcome } = review;
  const [only, ...others] = environments;
  const plan = others.length === 0 ? (only?.after ?? only?.before) : undefined;
  return html`
      <p class="sides">Review of <bdi>${base}</bdi> <span aria-hidden="true">→</span><span class="hidden">to</span> <bdi>${head}</bdi></p>
      <h1 class="outcome ${outcome.replaceAll(" ", "-")}">${outcome[0]?.toUpperCase()}${outcome.slice(1)}</h1>
      <p class="sum">${summary(review, found)}</p>
      ${plan && html`<p class="facts">${plan.file}: account ${plan.account}, ${plan.region}</p>`}
      ${(review.ended ?? []).map((line) => html`<p class="facts">Ended: ${line}</p>`)}
      ${approval(review, command)}`;
}

function approval({ digest, outcome, approvedOther }: Review, command: string): Markup | undefined {
  if (digest === undefined) return undefined;
  return html`
      <dl class="approval ${outcome}">
        ${approvedOther !== undefined && html`<div><dt>What was approved was something else</dt><dd><code>${approvedOther}</code></dd></div>`}
        <div><dt>${outcome === "approved" ? "Approved by its digest" : "Digest of what is to approve"}</dt><dd><code class="whole">${digest}</code></dd></div>
        ${outcome !== "approved" && html`<div><dt>To approve exactly this</dt><dd><code class="whole">${command} --approve ${digest}</code></dd></div>`}
      </dl>`;
}

function summary(review: Review, { toApprove, toKnow, allowed, total, unchanged }: Outline): string {
  const [approve = 0, notify = 0, allow = 0] = [toApprove, toKnow, allowed].map(countOf);
  const all = total === 1 ? review.environments[0]?.name : counted(total, "environment");
  if (approve + notify + allow === 0) return `Nothing differs in ${all}.`;
  const found = `${approve} to approve, ${notify} to know, ${allow} allowed`;
  if (unchanged === total) return `${found}; nothing of it in ${all}.`;
  return `${found}, in ${total === 1 ? all : `${total - unchanged} of ${all}`}.`;
}

/** Environments: those with most to approve first, then those with most to know; the others as they are. */
export function byImportance(environments: readonly EnvironmentReview[]): EnvironmentReview[] {
  const ranked = environments.map((environment) => ({
    environment,
    counts: DECISIONS.toReversed().map((decision) => countOfDecision(environment, decision)),
  }));
  const differences = (left: readonly number[], right: readonly number[]) =>
    left.map((count, at) => (right[at] ?? 0) - count);
  return ranked
    .sort((left, right) => differences(left.counts, right.counts).find((each) => each !== 0) ?? 0)
    .map(({ environment }) => environment);
}

function countOfDecision({ findings }: EnvironmentReview, wanted: Decision): number {
  return findings.filter(({ decision }) => decision === wanted).length;
}

/** Environments with how much of what they have, to jump to; nothing where there is one only. */
export function environmentTable(environments: readonly EnvironmentReview[]): Markup | undefined {
  if (environments.length < 2) return undefined;
  const rows = environments.map((environment, index) => {
    const { name, before, after = before } = environment;
    const count = (decision: Decision) => {
      const number = countOfDecision(environment, decision);
      return html`<td class="${number > 0 ? decision : "none"}">${number}</td>`;
    };
    return html`
          <tr><th scope="row">${name}</th><td>${after?.account ?? "unknown"}</td><td>${after?.region ?? "unknown"}</td>${count("approve")}${count("notify")}${count("allow")}<td data-script hidden><button type="button" class="show" data-show="${index}" data-name="${name}">Show ${name}</button></td></tr>`;
  });
  return html`
      <section aria-labelledby="environments">
        <h2 id="environments">Environments</h2>
        <div class="scroll short" role="region" aria-labelledby="environments" tabindex="0">
        <table class="plain">
          <caption class="hidden">Findings by environment</caption>
          <thead><tr><th scope="col">environment</th><th scope="col">account</th><th scope="col">region</th><th scope="col">to approve</th><th scope="col">to know</th><th scope="col">allowed</th><td data-script hidden></td></tr></thead>
          <tbody>${rows}
          </tbody>
        </table>
        </div>
      </section>`;
}
