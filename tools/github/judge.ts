import { markdownCode, markdownText } from "../../lib/markdown";
import { UserError } from "../../lib/user-error";
import type { GitHub } from "./api";
import { type Approval, approvalLabel, approvalOf } from "./approval";
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

/** How to review two commits. */
export interface ReviewRequest extends Merge {
  /** Folder with head's synthesis, made elsewhere. @default head's files are read by base's code, which is head's too */
  readonly synthesised?: string;
  /** Digest that somebody approved. @default none */
  readonly approve?: string;
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
  /** Reviews two commits of the clone. */
  readonly review: (request: ReviewRequest) => ReviewResult;
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
    const { markdown, ...verdict } = await judge(judgement, pull);
    const tooLong = "The review is too long for a comment: it is in the artefact of its run.";
    await writeComment(api, repository, number, markdown, `${tooLong}\n\n${verdict.ending}`);
    await say({ state: verdict.passed ? "success" : "failure", description: verdict.status });
    return { passed: verdict.passed, markdown };
  } catch (error) {
    // Should this fail as well, the status stays pending, which lets nothing pass either.
    const failed = say({ state: "error", description: "The review could not be made; its run says why" });
    await failed.catch(() => undefined);
    throw error;
  }
}

interface Judged {
  readonly passed: boolean;
  readonly markdown: string;
  /** What the comment ends with. */
  readonly ending: string;
  /** What the commit status says. */
  readonly status: string;
}

async function judge(judgement: Judgement, pull: PullRequest): Promise<Judged> {
  const { api, repository, approvers, review, log } = judgement;
  const sides = await reviewable(judgement, pull);
  const first = review(sides);
  if (first.outcome === "nothing to approve") {
    log("Nothing to approve");
    return judged(first, true, "Nothing to approve.", "Nothing to approve");
  }
  const { digest } = first;
  if (digest === undefined) throw new UserError(["The review asks for an approval and says no digest"]);
  const approval = await approvalOf(api, { repository, pull, digest, approvers });
  if (!approval.approved) {
    log(`Approval needed, of ${digest}: ${approval.because}`);
    return judged(
      first,
      false,
      howToApprove(digest, approval, approvers),
      "Approval needed: see the comment",
    );
  }
  // The review itself has the last word: what it now says is approved is what was looked at.
  const second = review({ ...sides, approve: digest });
  if (second.outcome !== "approved" || second.digest !== digest) {
    throw new UserError([`The review did not take the approval of ${digest} that ${approval.by} gave`]);
  }
  log(`Approved by ${approval.by}`);
  return judged(second, true, `Approved by ${markdownText(approval.by)}.`, `Approved by ${approval.by}`);
}

function judged({ markdown }: ReviewResult, passed: boolean, ending: string, status: string): Judged {
  return { passed, status, ending, markdown: `${markdown.trimEnd()}\n\n${ending}` };
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
  log(
    `Code of it differs, and is not run here: ${code.slice(0, 5).join(", ")}${code.length > 5 ? ", …" : ""}`,
  );
  await fetchSynthesis(api, { repository, workflow, head, merge: merge.merge }, folder, wait);
  return { ...merge, synthesised: folder };
}

function howToApprove(digest: string, approval: Approval, { teams, users }: Approvers): string {
  const label = approvalLabel(digest);
  const who = [...teams.map(teamName), ...users].map(markdownCode).join(" or ");
  const reason = approval.approved ? "" : approval.because;
  return [
    `**Approval needed**, and not given: ${markdownText(reason)}.`,
    "",
    `To approve exactly this, one of ${who} who had no part in it sets the label`,
    "",
    "```",
    label,
    "```",
  ].join("\n");
}
