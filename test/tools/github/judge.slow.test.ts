import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import {
  judgePullRequest,
  parseApprovers,
  type ReviewRequest,
  type ReviewResult,
  type Verdict,
} from "../../../tools/github/judge";
import { setStatus } from "../../../tools/github/pull-request";
import { artifactName } from "../../../tools/github/synthesis";
import { zip } from "../../helpers/zip";
import { APPROVER, DIGEST, FakeGitHub, REPOSITORY } from "./fake-github";
import { type PullRequestRepository, pullRequestRepository } from "./repository";

const markdown = "# Review\n";
const NOTHING: ReviewResult = { outcome: "nothing to approve", markdown };
const NEEDED: ReviewResult = { outcome: "approval needed", digest: DIGEST, markdown };
const APPROVED: ReviewResult = { ...NEEDED, outcome: "approved" };
const LABEL = `approved:${DIGEST}`;
const NOON = "2026-11-26T12:00:00Z";

let repository: PullRequestRepository;
beforeAll(() => {
  repository = pullRequestRepository({ "environments/dev.yaml": "name: dev\n", "main.ts": "\n" });
});
afterAll(() => repository.remove());

let github: FakeGitHub;
let asked: ReviewRequest[];
beforeEach(() => {
  github = new FakeGitHub();
  github.knows.members["acme/platform/Approver"] = "active";
  asked = [];
});

/** Judges a change of files by a review that finds this. */
async function judge(
  review: (approved?: string) => ReviewResult,
  files: Readonly<Record<string, string>> = { "environments/dev.yaml": "name: other\n" },
): Promise<Verdict> {
  github.knows.pull.head = { sha: repository.pullRequest(files).head };
  return judgePullRequest({
    api: github.api,
    clone: { folder: repository.clone, serverUrl: "https://github.test" },
    repository: REPOSITORY,
    number: 12,
    approvers: parseApprovers("@acme/platform"),
    environments: "environments",
    workflow: "review-synthesis.yml",
    folder: repository.emptyFolder(),
    runUrl: "https://github.test/run",
    review: async (request) => {
      asked.push(request);
      return review;
    },
    log: () => undefined,
    wait: async () => undefined,
  });
}

const byApproval = (approved?: string) => (approved === DIGEST ? APPROVED : NEEDED);
const states = () => github.knows.statuses.map(({ state }) => state);

test("with nothing to approve it passes, and says so on the commit", async () => {
  const { passed } = await judge(() => NOTHING);
  expect(passed).toBe(true);
  expect(states()).toEqual(["pending", "success"]);
  expect(github.knows.statuses[1]).toEqual({
    sha: github.knows.pull.head.sha,
    state: "success",
    context: "access review",
    description: "Nothing to approve",
    target_url: "https://github.test/run",
  });
  expect(github.knows.comments[0]?.body).toBe("<!-- access review -->\n# Review\n");
});

test("with something to approve it holds the merge up, and says who may approve it by which label", async () => {
  const { passed, markdown } = await judge(byApproval);
  expect(passed).toBe(false);
  expect(states()).toEqual(["pending", "failure"]);
  expect(markdown).toContain(`\`@acme/platform\``);
  expect(markdown).toMatch(`# Review\n\n**Approval needed.** Not given yet: nobody has set the label.`);
  expect(markdown).toContain(`\n${LABEL}\n`);
  expect(github.knows.comments[0]?.body).toBe(`<!-- access review -->\n${markdown}`);
});

test("an approval is given to the review, which has the last word", async () => {
  github.label("labeled", LABEL, APPROVER, NOON);
  const { passed, markdown } = await judge(byApproval);
  expect(passed).toBe(true);
  expect(asked).toHaveLength(1);
  expect(states()).toEqual(["pending", "success"]);
  expect(markdown).toContain("Approved by Approver.");
});

test.each<[string, ReviewResult]>([
  ["still asks", NEEDED],
  ["has another digest", { ...APPROVED, digest: "f".repeat(40) }],
  ["finds nothing any more", NOTHING],
])("an approval counts for nothing where the review %s", async (_, second) => {
  github.label("labeled", LABEL, APPROVER, NOON);
  const judging = judge((approved) => (approved === undefined ? NEEDED : second));
  await expect(judging).rejects.toThrow("did not take the approval");
  expect(states()).toEqual(["pending", "error"]);
});

test("an approval of an earlier review counts for nothing once there is more to approve", async () => {
  github.label("labeled", `approved:${"f".repeat(40)}`, APPROVER, NOON);
  expect((await judge(byApproval)).passed).toBe(false);
});

test("a review that claims an approval nobody asked it to take does not pass by it", async () => {
  expect((await judge(() => APPROVED)).passed).toBe(false);
  await expect(judge(() => ({ outcome: "approval needed", markdown }))).rejects.toThrow("no digest");
});

test("when the review crashes, the commit's status lets nothing pass", async () => {
  const judging = judge(() => {
    throw new Error("crash");
  });
  await expect(judging).rejects.toThrow("crash");
  expect(states()).toEqual(["pending", "error"]);
});

test.each(["timeline", "comments", "graphql", "commits", "memberships"])(
  "when GitHub does not answer on %s, nothing passes",
  async (path) => {
    github.label("labeled", LABEL, APPROVER, NOON);
    github.broken.push({ path: new RegExp(path), answer: () => new Response("", { status: 500 }) });
    await expect(judge(byApproval)).rejects.toThrow("500");
    expect(states()).toEqual(["pending", "error"]);
  },
);

test("when not even the status can be set, it fails before anything passed", async () => {
  github.broken.push({ path: /statuses/, answer: () => new Response("", { status: 403 }) });
  await expect(judge(byApproval)).rejects.toThrow("statuses");
  expect(asked).toEqual([]);
});

test("where only environments changed, base's own code reads them: no synthesis of others is asked for", async () => {
  await judge(byApproval);
  expect(asked[0]?.synthesised).toBeUndefined();
  expect(github.requests.filter(({ asked: request }) => request.includes("/actions/"))).toEqual([]);
});

test("where code changed, it is not run: its synthesis was made elsewhere, of exactly this merge", async () => {
  const { merge, head } = repository.pullRequest({ "main.ts": "evil\n" });
  github.knows.archives[7] = zip([{ name: "stacks/dev-access/cdk.tf.json", data: "{}" }]);
  github.knows.artifacts[artifactName(merge)] = [{ id: 7, expired: false, workflow_run: { head_sha: head } }];
  await judge(byApproval, { "main.ts": "evil\n" });
  expect(asked[0]).toMatchObject({ merge, synthesised: expect.stringContaining("empty-") });
});

test("where code changed and nobody synthesised it, nothing passes", async () => {
  await expect(judge(byApproval, { "main.ts": "evil\n" })).rejects.toThrow("has not synthesised");
  expect(asked).toEqual([]);
  expect(states()).toEqual(["pending", "error"]);
});

test("a pull request for another branch than the default one is not judged by what is there", async () => {
  github.knows.pull.base = { ref: "release", repo: { default_branch: "main" } };
  await expect(judge(byApproval)).rejects.toThrow("#12 is for the branch release");
  expect(asked).toEqual([]);
});

test("a status is as long as GitHub takes it", async () => {
  const { api, knows } = github;
  await setStatus(api, REPOSITORY, knows.pull.head.sha, { state: "success", description: "x".repeat(200) });
  expect(knows.statuses[0]?.description).toHaveLength(140);
});

test("names from outside stay text in the comment", async () => {
  github.label("labeled", LABEL, { id: 9, login: "<img>**[x](y)", type: "User" }, NOON);
  const { markdown } = await judge(byApproval);
  expect(markdown).toContain("`<img>**[x](y)`, who set the label");
});
