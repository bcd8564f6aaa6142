import { markdownCode, markdownText } from "../../lib/markdown";
import { UserError } from "../../lib/user-error";
import type { GitHub } from "./api";
import { approvalLabel, approvalOf } from "./approval";
import { type Approvers, teamName } from "./approvers";
import { writeComment } from "./comment";
import { type Clone, changedCode, fetchMerge, type Merge } from "./merge";
import { type CommitStatus, type PullRequest, readPullRequest, setStatus } from "./pull-request";
import { fetchSynthesis } from "./synthesis";

export { GitHub } from "./api";
export { parseApprovers } from "./approvers";

/** What a review says, as `npm run review` does. */
export interface ReviewResult {
  readonly outcome: "nothing to approve" | "approval needed" | "approved";
  /** What an approval has to name; there is one unless there is nothing to approve. */
  readonly digest?: string;
  /** For people, as Markdown. */
  readonly markdown: string;
}

/** Two commits to review. */
export interface ReviewRequest extends Merge {
  /** Folder with what head was synthesised to elsewhere, where its code is not base's. @default none is needed */
  readonly synthesised?: string;
}

/** A pull request and everything that judging it takes. */
export interface Judgement {
  readonly api: GitHub;
  readonly clone: Clone;
  /** `<owner>/<name>` */
  readonly repository: string;
  readonly number: number;
  readonly approvers: Approvers;
  /** What ENVIRONMENTS says. */
  readonly environments: string;
  /** File name of the workflow that synthesises code which is not to be run here. */
  readonly workflow: string;
  /** Empty folder for such a synthesis. */
  readonly folder: string;
  /** Where this run can be read, for the commit status. @default nowhere */
  readonly runUrl?: string;
  /** Makes both sides of a review, which can then be asked with and without a digest that somebody approved. */
  readonly review: (request: ReviewRequest) => Promise<(approved?: string) => ReviewResult>;
  /** Gets a line for each step. */
  readonly log: (line: string) => void;
  /** Waits so many milliseconds. @default it does */
  readonly wait?: (ms: number) => Promise<unknown>;
}

/** What came of it. */
export interface Verdict {
  readonly passed: boolean;
  /** What the comment says. */
  readonly markdown: string;
}

/**
 * Judges a pull request and says so on it: in a comment, and in a commit status that holds up its merge until nothing is
 * left to approve. From the first request on, the status of a run that fails is none that lets it pass.
 */
export async function judgePullRequest(judgement: Judgement): Promise<Verdict> {
  const { api, repository, number, runUrl } = judgement;
  const pull = await readPullRequest(api, repository, number);
  const say = (status: CommitStatus) =>
    setStatus(api, repository, pull.head.sha, { ...status, ...(runUrl && { target: runUrl }) });
  await say({ state: "pending", description: "The review is being made" });
  try {
    const { passed, markdown, status } = await judge(judgement, pull);
    await writeComment(api, repository, number, markdown);
    await say({ state: passed ? "success" : "failure", description: status });
    return { passed, markdown };
  } catch (error) {
    // Should this fail as well, the status stays pending, which lets nothing pass either.
    const failed = say({ state: "error", description: "The review could not be made; its run says why" });
    await failed.catch(() => undefined);
    throw error;
  }
}

interface Judged extends Verdict {
  /** What the commit status says. */
  readonly status: string;
}

async function judge(judgement: Judgement, pull: PullRequest): Promise<Judged> {
  const { api, repository, approvers, log } = judgement;
  const review = await judgement.review(await reviewable(judgement, pull));
  const first = review();
  if (first.outcome === "nothing to approve") {
    log("Nothing to approve");
    return { passed: true, markdown: first.markdown, status: "Nothing to approve" };
  }
  const { digest } = first;
  if (digest === undefined) throw new UserError(["The review asks for an approval and says no digest"]);
  const approval = await approvalOf(api, { repository, pull, digest, approvers });
  if (!approval.approved) {
    log(`Approval needed, of ${digest}: ${approval.because}`);
    const markdown = `${first.markdown}\n${howToApprove(digest, approval.because, approvers)}\n`;
    return { passed: false, markdown, status: "Approval needed: see the comment" };
  }
  // The review itself has the last word: what it now says is approved is what was looked at.
  const second = review(digest);
  if (second.outcome !== "approved" || second.digest !== digest) {
    throw new UserError([`The review did not take the approval of ${digest} that ${approval.by} gave`]);
  }
  const status = `Approved by ${approval.by}`;
  log(status);
  return { passed: true, status, markdown: `${second.markdown}\n${markdownText(status)}.\n` };
}

/** The two sides; with head's synthesis when its code is another, which is never run here. */
async function reviewable(
  { api, clone, repository, number, environments, workflow, folder, log, wait }: Judgement,
  { head: { sha: head }, base: { ref: branch } }: PullRequest,
): Promise<ReviewRequest> {
  const merge = await fetchMerge({ ...clone, ...(wait && { wait }) }, { number, head, branch });
  log(`#${number}: ${head.slice(0, 7)} merged with ${branch} at ${merge.base.slice(0, 7)}`);
  const code = await changedCode(clone, merge, environments);
  if (code.length === 0) return merge;
  log(`Its code differs and is not run here: ${code.join(", ")}`);
  await fetchSynthesis(api, { repository, workflow, head, merge: merge.merge }, folder, wait);
  return { ...merge, synthesised: folder };
}

function howToApprove(digest: string, because: string, { teams, users }: Approvers): string {
  const who = [...teams.map(teamName), ...users].map(markdownCode).join(" or ");
  return [
    `**Approval needed.** Not given yet: ${markdownText(because)}.`,
    "",
    `To approve exactly this, one of ${who}, who had no part in it, sets the label`,
    "",
    "```",
    approvalLabel(digest),
    "```",
  ].join("\n");
}
