import { expect, test } from "@jest/globals";
import { type Approval, approvalLabel, approvalOf } from "../../../tools/github/approval";
import { parseApprovers } from "../../../tools/github/approvers";
import { APPROVER, AUTHOR, BOT, DIGEST, FakeGitHub, REPOSITORY, STRANGER } from "./fake-github";

const LABEL = approvalLabel(DIGEST);
const NOON = "2026-11-26T12:00:00Z";
const LATER = "2026-11-26T12:00:01Z";

function ask(github: FakeGitHub, approvers = "@acme/platform, someone"): Promise<Approval> {
  const { api, knows } = github;
  return approvalOf(api, {
    repository: REPOSITORY,
    pull: knows.pull,
    digest: DIGEST,
    approvers: parseApprovers(approvers),
  });
}

/** GitHub with the label set as it should be, by an active member of the team. */
function approved(): FakeGitHub {
  const github = new FakeGitHub();
  github.label("labeled", LABEL, APPROVER, NOON);
  github.knows.members["acme/platform/Approver"] = "active";
  return github;
}

async function refusal(github: FakeGitHub, approvers?: string): Promise<string> {
  const approval = await ask(github, approvers);
  return approval.approved ? "approved" : approval.because;
}

test("a label fits into what GitHub takes", () => {
  expect(LABEL.length).toBeLessThanOrEqual(50);
});

test("an active member of a listed team approves by the label", async () => {
  expect(await ask(approved())).toEqual({ approved: true, by: "Approver" });
});

test("a listed user approves, however their login is written, and no team is asked", async () => {
  const github = new FakeGitHub();
  github.label("labeled", LABEL, APPROVER, NOON);
  expect(await ask(github, "@aPPROVER, @acme/platform")).toEqual({ approved: true, by: "Approver" });
  expect(github.requests.filter(({ asked }) => asked.includes("/orgs/"))).toEqual([]);
});

test("an approval outlives a push: it is bound to the digest, not to a commit", async () => {
  const github = approved();
  github.knows.pull.head = { sha: "b".repeat(40) };
  github.knows.timeline.push({ event: "head_ref_force_pushed", actor: AUTHOR, created_at: LATER });
  github.knows.timeline.push({ sha: "b".repeat(40), event: "committed" });
  expect(await ask(github)).toEqual({ approved: true, by: "Approver" });
});

test("nobody's label approves nothing", async () => {
  expect(await refusal(new FakeGitHub())).toBe("nobody has set the label");
});

test.each([
  ["another digest", `approved:${DIGEST.slice(0, -1)}0`],
  ["no digest", "approved:"],
  ["a digest that begins so", `approved:${DIGEST}0`],
  ["upper case", LABEL.toUpperCase()],
])("a label of %s approves nothing", async (_, label) => {
  const github = new FakeGitHub();
  github.label("labeled", label, APPROVER, NOON);
  github.knows.members["acme/platform/Approver"] = "active";
  expect(await refusal(github)).toBe("nobody has set the label");
});

test("a label that was removed approves nothing, even where the pull request still lists it", async () => {
  const github = approved();
  github.label("unlabeled", LABEL, APPROVER, LATER);
  expect(await refusal(github)).toBe("nobody has set the label");
  github.knows.pull.labels = [{ name: LABEL }];
  expect(await refusal(github)).toMatch("taken off again");
});

test("a label whose setting is nowhere recorded approves nothing", async () => {
  const github = approved();
  github.knows.timeline = [];
  expect(await refusal(github)).toMatch("nobody knows who set it");
});

test("a label that is gone approves nothing, though its setting is recorded", async () => {
  const github = approved();
  github.knows.pull.labels = [];
  expect(await refusal(github)).toBe("nobody has set the label");
});

test("who set the label last counts, not who set it first", async () => {
  const github = approved();
  github.label("unlabeled", LABEL, STRANGER, LATER);
  github.label("labeled", LABEL, STRANGER, LATER);
  expect(await refusal(github)).toMatch("stranger, who set the label, is none of @acme/platform, someone");
});

test("who sets another label later has not set this one", async () => {
  const github = new FakeGitHub();
  github.label("labeled", LABEL, STRANGER, NOON);
  github.label("labeled", "bug", APPROVER, LATER);
  github.knows.members["acme/platform/Approver"] = "active";
  expect(await refusal(github)).toMatch("stranger, who set the label");
});

test("who set it last is found beyond the first page of events", async () => {
  const github = approved();
  for (let index = 0; index < 150; index += 1) {
    github.label(index % 2 ? "unlabeled" : "labeled", "bug", STRANGER, LATER);
  }
  github.label("unlabeled", LABEL, STRANGER, LATER);
  github.label("labeled", LABEL, STRANGER, LATER);
  expect(await refusal(github)).toMatch("stranger, who set the label");
  expect(github.requests.filter(({ asked }) => asked.includes("timeline")).length).toBe(2);
});

test("the author cannot approve, member or not, by whatever login", async () => {
  const github = new FakeGitHub();
  github.label("labeled", LABEL, { ...AUTHOR, login: "Renamed" }, NOON);
  github.knows.members["acme/platform/Renamed"] = "active";
  expect(await refusal(github, "renamed, @acme/platform")).toMatch("opened the pull request");
});

test("nobody can approve where nobody knows whose pull request it is", async () => {
  const github = approved();
  github.knows.pull.user = null;
  expect(await refusal(github)).toMatch("nobody knows who did");
});

test.each(["author", "committer"] as const)("the %s of one of its commits cannot approve", async (part) => {
  const github = approved();
  const commit = { author: { id: AUTHOR.id }, committer: { id: AUTHOR.id } };
  github.knows.commits = [...Array(120).fill(commit), { ...commit, [part]: { id: APPROVER.id } }];
  github.knows.pull.commits = 121;
  expect(await refusal(github)).toMatch("Approver, who set the label, wrote a commit of it");
});

test("nobody can approve commits that GitHub does not list", async () => {
  const github = approved();
  github.knows.commits = Array(250).fill({ author: null, committer: null });
  github.knows.pull.commits = 251;
  expect(await refusal(github)).toMatch("too many to see");
});

test("a commit whose author has no account holds nobody up", async () => {
  const github = approved();
  github.knows.commits = [{ author: null, committer: null }];
  expect(await ask(github)).toEqual({ approved: true, by: "Approver" });
});

test.each([
  ["who is no member", undefined],
  ["whose membership is pending", "pending"],
])("somebody %s does not approve", async (_, state) => {
  const github = approved();
  delete github.knows.members["acme/platform/Approver"];
  if (state) github.knows.members["acme/platform/Approver"] = state;
  expect(await refusal(github)).toMatch("is none of @acme/platform, someone");
});

test("a member of another organization's team of the same name does not approve", async () => {
  const github = approved();
  github.knows.members = { "other/platform/Approver": "active", "acme/other/Approver": "active" };
  expect(await refusal(github)).toMatch("is none of");
});

test("any of several teams will do", async () => {
  const github = approved();
  github.knows.members = { "acme/dba/Approver": "active" };
  expect(await ask(github, "@acme/platform, @acme/dba")).toEqual({ approved: true, by: "Approver" });
});

test.each([
  ["a bot", BOT],
  ["a deleted account", null],
])("%s does not approve", async (_, actor) => {
  const github = new FakeGitHub();
  github.label("labeled", LABEL, actor, NOON);
  github.knows.members[`acme/platform/${encodeURIComponent(BOT.login)}`] = "active";
  expect(await refusal(github)).toMatch("is no person");
});

test("a label that got its name after it was set approves nothing", async () => {
  const github = approved();
  github.knows.labels[LABEL] = LATER;
  expect(await refusal(github)).toMatch("may have had another name");
  delete github.knows.labels[LABEL];
  expect(await refusal(github)).toMatch("may have had another name");
});

test("a login with odd characters leads to no other address", async () => {
  const github = new FakeGitHub();
  github.label("labeled", LABEL, { ...STRANGER, login: "x/../Approver" }, NOON);
  github.knows.members["acme/platform/Approver"] = "active";
  expect(await refusal(github)).toMatch("is none of");
});

test.each([
  ["timeline", 403],
  ["timeline", 404],
  ["graphql", 403],
  ["commits", 500],
  ["memberships", 403],
  ["memberships", 500],
])("when GitHub answers %s with %i, that is an error and no approval", async (path, status) => {
  const github = approved();
  github.broken.push({
    path: new RegExp(path),
    answer: () => Response.json({ message: "Resource not accessible by integration" }, { status }),
  });
  await expect(ask(github)).rejects.toThrow(`${status} Resource not accessible by integration.`);
});

test.each([
  ["timeline", { message: "ok" }],
  ["timeline", [{ event: "labeled", actor: "Approver" }]],
  ["graphql", { data: null, errors: [{ message: "Something went wrong" }] }],
  ["graphql", { data: { repository: null } }],
  ["commits", [{}]],
  ["memberships", {}],
])("an answer to %s that nobody expected is an error and no approval", async (path, answer) => {
  const github = approved();
  github.broken.push({ path: new RegExp(path), answer: () => Response.json(answer) });
  await expect(ask(github)).rejects.toThrow(/^GitHub: /);
});

test("approvers are teams and users; anything else, and nobody, is refused", () => {
  expect(parseApprovers(" @Acme/Platform-1, octocat ,@Mona,octo_acme")).toEqual({
    users: ["octocat", "mona", "octo_acme"],
    teams: [{ organization: "Acme", slug: "platform-1" }],
  });
  for (const nobody of [undefined, "", " , "]) expect(() => parseApprovers(nobody)).toThrow("names nobody");
  for (const wrong of ["acme/platform", "@acme/", "@acme/a/b", "*", "a b", "../x", "@acme/..", "x[bot]"]) {
    expect(() => parseApprovers(`octocat, ${wrong}`)).toThrow("is neither a team");
  }
});
