import type { AccessPlan } from "../../../model/access/plan";
import { outline } from "../report/outline";
import type { EnvironmentReview, Review } from "../result";
import { findingControls } from "./controls";
import { environmentData } from "./environment-data";
import { findingsOf, stackTable } from "./findings";
import { html } from "./markup";
import { byImportance, environmentTable, outcomeOf } from "./outcome";
import { type PageEnvironment, pageOf } from "./page";

/** Options for {@link htmlReport}. */
export interface HtmlReportOptions {
  /** How to run this review again, to which `--approve <digest>` is added. @default "npm run review --" */
  readonly command?: string;
}

/**
 * A review as one file for reviewers and auditors. The findings can be read without its script; the matrix needs it. The
 * same review gives the same bytes.
 */
export function htmlReport(
  review: Review,
  { command = "npm run review --" }: HtmlReportOptions = {},
): string {
  const { outcome, head } = review;
  // Those with most to approve come first, wherever environments are listed.
  const environments = byImportance(review.environments);
  // All of a finding is shown, so that findings are alike only if all of them is.
  const found = outline(review, (finding) => JSON.stringify(finding));
  const names = review.environments.map(({ name }) => name);
  const stacks = review.environments.flatMap(({ counts }) => counts.map(({ stack }) => stack));
  return pageOf({
    title: `${outcome === "approval needed" ? "Approval needed" : "Review"} – ${head}`,
    header: outcomeOf(review, found, command),
    main: html`${environmentTable(environments)}
      <section aria-labelledby="findings">
        <h2 id="findings" tabindex="-1">Findings</h2>${findingControls(names, [...new Set(stacks)].sort())}
        ${findingsOf(review, found)}
      </section>
      ${stackTable(review)}`,
    environments: environments.map(pageEnvironment),
  });
}

/**
 * Who could do what at some time, as one file for auditors.
 * @param at what to call that time
 */
export function htmlAccess(at: string, plans: readonly AccessPlan[]): string {
  const environments = plans.map((plan): PageEnvironment => {
    const shown = pageEnvironment({ name: plan.environment, findings: [], counts: [], after: plan });
    return "problem" in shown.data ? shown : { ...shown, data: { ...shown.data, alone: `at ${at}` } };
  });
  const [only, ...others] = plans;
  return pageOf({
    title: `Access at ${at}`,
    header: html`
      <p class="sides">Nobody has a password: every login is by IAM.</p>
      <h1 class="outcome">Access at <bdi>${at}</bdi></h1>
      ${
        only && others.length === 0
          ? html`<p class="facts">${only.file}: account ${only.account}, ${only.region}</p>`
          : html`<p class="facts">${plans.length} environments</p>`
      }`,
    environments,
  });
}

/** What is shown of access, or why nothing is: that must not hide the findings. */
function pageEnvironment(environment: EnvironmentReview): PageEnvironment {
  const { name } = environment;
  try {
    const problem = "Neither side's access plan could be read.";
    return { name, data: environmentData(environment) ?? { problem } };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { name, data: { problem: `The access plans cannot be shown: ${reason}` } };
  }
}
