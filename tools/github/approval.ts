import { z } from "zod";
import { type GitHub, GitHubRefusal } from "./api";
import { type Approvers, type Team, teamName } from "./approvers";
import { type GitHubUser, gitHubUser, type PullRequest } from "./pull-request";

/** Who approved, or why nobody did. */
export type Approval =
  | { readonly approved: true; readonly by: string }
  | { readonly approved: false; readonly because: string };

/** What is asked for. */
export interface ApprovalQuestion {
  /** `<owner>/<name>` */
  readonly repository: string;
  readonly pull: PullRequest;
  /** What the approval has to be for. */
  readonly digest: string;
  readonly approvers: Approvers;
}

/** The label that approves what has this digest; GitHub takes labels of up to 50 characters. */
export function approvalLabel(digest: string): string {
  return `approved:${digest}`;
}

// Other events, commits and reviews among them, have other shapes.
const timelineEvent = z.looseObject({ event: z.string().optional() });
const labelEvent = z.object({
  event: z.enum(["labeled", "unlabeled"]),
  actor: gitHubUser.nullable(),
  label: z.object({ name: z.string() }),
  created_at: z.iso.datetime(),
});
const commit = z.object({
  author: z.object({ id: z.number().optional() }).nullable(),
  committer: z.object({ id: z.number().optional() }).nullable(),
});
const labelAge = z.object({
  repository: z.object({ label: z.object({ updatedAt: z.iso.datetime() }).nullable() }),
});

const LABEL_AGE = `query ($owner: String!, $name: String!, $label: String!) {
  repository(owner: $owner, name: $name) { label(name: $label) { updatedAt } }
}`;

/**
 * Whether the label for exactly this digest is on the pull request, and whoever set it last may approve and had no part
 * in it. Whatever cannot be found out is an error, and so no approval.
 */
export async function approvalOf(api: GitHub, question: ApprovalQuestion): Promise<Approval> {
  const { repository, pull, digest, approvers } = question;
  const label = approvalLabel(digest);
  if (!pull.labels.some(({ name }) => name === label)) return no("nobody has set the label");
  const last = await lastEvent(api, repository, pull.number, label);
  if (!last || last.event === "unlabeled")
    return no("the label was taken off again, or nobody knows who set it");
  const { actor } = last;
  if (actor?.type !== "User") return no(`${actor?.login ?? "Nobody"}, who set the label, is no person`);
  if (await changedSince(api, repository, label, last.created_at)) {
    return no(
      "the label was changed after it had been set, and may have had another name: delete it and set it anew",
    );
  }
  const part = await partIn(api, repository, pull, actor);
  if (part) return no(`${actor.login}, who set the label, ${part}`);
  if (approvers.users.includes(actor.login.toLowerCase())) return { approved: true, by: actor.login };
  for (const team of approvers.teams) {
    if (await isMember(api, team, actor)) return { approved: true, by: actor.login };
  }
  const asked = [...approvers.teams.map(teamName), ...approvers.users].join(", ");
  return no(`${actor.login}, who set the label, is none of ${asked}, or this token may not read who is`);
}

function no(because: string): Approval {
  return { approved: false, because };
}

async function lastEvent(
  api: GitHub,
  repository: string,
  number: number,
  label: string,
): Promise<z.output<typeof labelEvent> | undefined> {
  const path = `/repos/${repository}/issues/${number}/timeline`;
  const events = await api.list(path, timelineEvent);
  return events
    .filter(({ event }) => event === "labeled" || event === "unlabeled")
    .map((event) => {
      const parsed = labelEvent.safeParse(event);
      if (!parsed.success)
        throw new GitHubRefusal(200, `GitHub: GET ${path}: a label's event cannot be read`);
      return parsed.data;
    })
    .filter(({ label: { name } }) => name === label)
    .reduce<z.output<typeof labelEvent> | undefined>(
      (latest, event) => (latest && latest.created_at > event.created_at ? latest : event),
      undefined,
    );
}

/** Whoever may edit labels could give one that somebody set in good faith the name of an approval. */
async function changedSince(api: GitHub, repository: string, label: string, date: string): Promise<boolean> {
  const [owner, name] = repository.split("/");
  const { repository: found } = await api.query(LABEL_AGE, { owner, name, label }, labelAge);
  return found.label === null || Date.parse(found.label.updatedAt) > Date.parse(date);
}

/** What somebody has to do with a pull request; undefined when nothing. */
async function partIn(
  api: GitHub,
  repository: string,
  pull: PullRequest,
  { id }: GitHubUser,
): Promise<string | undefined> {
  if (pull.user === null || pull.user.id === id) return "opened the pull request, or nobody knows who did";
  const commits = await api.list(`/repos/${repository}/pulls/${pull.number}/commits`, commit);
  // GitHub lists 250 at most.
  if (commits.length < pull.commits) return "may have written some of its commits: there are too many to see";
  const wrote = commits.some(({ author, committer }) => author?.id === id || committer?.id === id);
  return wrote ? "wrote a commit of it" : undefined;
}

const membership = z.object({ state: z.string() });

async function isMember(api: GitHub, { organization, slug }: Team, { login }: GitHubUser): Promise<boolean> {
  try {
    const path = `/orgs/${organization}/teams/${slug}/memberships/${encodeURIComponent(login)}`;
    return (await api.get(path, membership)).state === "active";
  } catch (error) {
    if (error instanceof GitHubRefusal && error.status === 404) return false;
    throw error;
  }
}
