import { z } from "zod";
import { UserError } from "../../lib/user-error";
import type { GitHub } from "./api";

const user = z.object({ id: z.number(), login: z.string(), type: z.string() });

const pullRequest = z.object({
  number: z.number(),
  state: z.string(),
  user: user.nullable(),
  /** How many it has. */
  commits: z.number(),
  labels: z.object({ name: z.string() }).array(),
  head: z.object({ sha: z.string().regex(/^[\da-f]{40}$/) }),
  base: z.object({ ref: z.string(), repo: z.object({ default_branch: z.string() }) }),
});

/** Whoever did something on GitHub. */
export type GitHubUser = z.output<typeof user>;

/** A pull request as it now is, whatever the event said that this run began with. */
export type PullRequest = z.output<typeof pullRequest>;

/** As the API has it, where it did not. */
export const gitHubUser = user;

/** @param repository `<owner>/<name>` */
export async function readPullRequest(api: GitHub, repository: string, number: number): Promise<PullRequest> {
  const found = await api.get(`/repos/${repository}/pulls/${number}`, pullRequest);
  const { ref, repo } = found.base;
  // Whoever may push to another branch could bring rules and tool of their own there.
  if (ref !== repo.default_branch) {
    throw new UserError([
      `#${number} is for the branch ${ref}: only those for ${repo.default_branch} are reviewed, by what is there`,
    ]);
  }
  return found;
}

/** What a commit status says. `pending` holds up a merge as `failure` does. */
export interface CommitStatus {
  readonly state: "pending" | "success" | "failure" | "error";
  /** One line; GitHub keeps 140 characters. */
  readonly description: string;
  /** Where more is to be read. @default nowhere */
  readonly target?: string;
}

/** Name of the commit status that a branch's protection is to require. */
export const STATUS = "access review";

/** Says on a commit what came of its review. */
export async function setStatus(
  api: GitHub,
  repository: string,
  sha: string,
  { state, description, target }: CommitStatus,
): Promise<void> {
  await api.send("POST", `/repos/${repository}/statuses/${sha}`, {
    context: STATUS,
    state,
    description: [...description].slice(0, 140).join(""),
    ...(target !== undefined && { target_url: target }),
  });
}
