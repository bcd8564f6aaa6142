import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { type LoopbackServer, listenOnLoopback } from "../../../lib/loopback";
import { GitHub } from "../../../tools/github/api";
import type { PullRequest } from "../../../tools/github/pull-request";

export const TOKEN = "ghs_secretsecretsecret";
export const REPOSITORY = "acme/passwordless";
export const DIGEST = "0123456789abcdef0123456789abcdef01234567";
export const HEAD = "a".repeat(40);

/** Somebody on GitHub. */
export interface Account {
  readonly id: number;
  readonly login: string;
  readonly type: string;
}

export const AUTHOR: Account = { id: 1, login: "author", type: "User" };
export const APPROVER: Account = { id: 2, login: "Approver", type: "User" };
export const STRANGER: Account = { id: 3, login: "stranger", type: "User" };
export const BOT: Account = { id: 41898282, login: "github-actions[bot]", type: "Bot" };

/** A comment as the API has it. */
export interface Comment {
  readonly id: number;
  body: string;
  readonly user: Account | null;
}

/** What the fake knows; tests change it. */
export interface Knowledge {
  pull: PullRequest & { mergeable?: boolean | null };
  timeline: unknown[];
  commits: { author: { id: number } | null; committer: { id: number } | null }[];
  /** State of a membership by `<org>/<team>/<login>`; who is missing is none. */
  members: Record<string, string>;
  /** When labels were last changed. */
  labels: Record<string, string>;
  comments: Comment[];
  statuses: { sha: string; state: string; context: string; description: string; target_url?: string }[];
  runs: { status: string; conclusion: string | null }[];
  artifacts: Record<string, { id: number; expired: boolean; workflow_run: { head_sha: string } }[]>;
  archives: Record<number, Uint8Array>;
}

/** GitHub, as far as the judge asks it, in this process. */
export class FakeGitHub {
  readonly knows: Knowledge = {
    pull: {
      number: 12,
      state: "open",
      user: AUTHOR,
      commits: 1,
      labels: [],
      head: { sha: HEAD },
      base: { ref: "main", repo: { default_branch: "main" } },
    },
    timeline: [],
    commits: [{ author: AUTHOR, committer: AUTHOR }],
    members: {},
    labels: {},
    comments: [],
    statuses: [],
    runs: [],
    artifacts: {},
    archives: {},
  };
  /** What was asked, such as `GET /repos/…`, with the token it came with. */
  readonly requests: {
    readonly asked: string;
    readonly authorization: string | null;
    readonly redirect: string;
  }[] = [];
  /** Seconds that were waited between attempts. */
  readonly waited: number[] = [];
  /** Answers that come first, whatever is asked; a text is a connection that breaks. */
  readonly failures: (Response | string)[] = [];
  /** Answers to what matches, always. */
  readonly broken: { readonly path: RegExp; readonly answer: () => Response }[] = [];

  readonly api = new GitHub({
    url: "https://api.github.test",
    token: TOKEN,
    wait: async (ms) => this.waited.push(ms / 1000),
    fetch: (url, init) => this.fetch(new Request(url, init)),
  });

  private readonly app = new Hono();

  constructor() {
    const { app, knows } = this;
    const repo = "/repos/acme/passwordless";
    const pageOf = (all: readonly unknown[], query: (name: string) => string | undefined) => {
      const size = Number(query("per_page"));
      const from = (Number(query("page")) - 1) * size;
      return all.slice(from, from + size);
    };
    app.get(`${repo}/pulls/12`, (c) => c.json(knows.pull));
    app.get(`${repo}/pulls/12/commits`, (c) => c.json(pageOf(knows.commits, (name) => c.req.query(name))));
    app.get(`${repo}/issues/12/timeline`, (c) => c.json(pageOf(knows.timeline, (name) => c.req.query(name))));
    app.get(`${repo}/issues/12/comments`, (c) => c.json(pageOf(knows.comments, (name) => c.req.query(name))));
    app.post(`${repo}/issues/12/comments`, async (c) => {
      const { body } = await c.req.json();
      knows.comments.push({ id: 1000 + knows.comments.length, body, user: BOT });
      return c.json({}, 201);
    });
    app.patch(`${repo}/issues/comments/:id`, async (c) => {
      const { body } = await c.req.json();
      for (const comment of knows.comments) if (comment.id === Number(c.req.param("id"))) comment.body = body;
      return c.json({});
    });
    app.post(`${repo}/statuses/:sha`, async (c) => {
      knows.statuses.push({ ...(await c.req.json()), sha: c.req.param("sha") });
      return c.json({}, 201);
    });
    app.get("/orgs/:org/teams/:team/memberships/:login", (c) => {
      const { org, team, login } = c.req.param();
      const state = knows.members[`${org}/${team}/${login}`];
      return state === undefined ? c.json({ message: "Not Found" }, 404) : c.json({ state, role: "member" });
    });
    app.get(`${repo}/actions/workflows/review-synthesis.yml/runs`, (c) =>
      c.json({ workflow_runs: c.req.query("head_sha") === headOf(knows) ? knows.runs : [] }),
    );
    app.get(`${repo}/actions/artifacts`, (c) =>
      c.json({ artifacts: knows.artifacts[c.req.query("name") ?? ""] ?? [] }),
    );
    app.get(`${repo}/actions/artifacts/:id/zip`, (c) =>
      c.redirect(new URL(`/storage/${c.req.param("id")}`, c.req.url).href),
    );
    app.get("/storage/:id", (c) => {
      const archive = knows.archives[Number(c.req.param("id"))];
      return archive ? c.body(new Uint8Array(archive)) : c.notFound();
    });
    app.post("/graphql", async (c) => {
      const { query, variables } = await c.req.json();
      if (query.includes("viewer")) return c.json({ data: { viewer: { databaseId: BOT.id } } });
      const updatedAt = knows.labels[variables.label];
      return c.json({ data: { repository: { label: updatedAt ? { updatedAt } : null } } });
    });
  }

  /** Somebody sets or removes a label. */
  label(event: "labeled" | "unlabeled", name: string, actor: Account | null, at: string): void {
    const { pull, timeline, labels } = this.knows;
    timeline.push({ event, actor, label: { name, color: "ffffff" }, created_at: at });
    pull.labels = pull.labels.filter((each) => each.name !== name);
    if (event === "labeled") pull.labels.push({ name });
    labels[name] ??= at;
  }

  /** Answers on a port of this machine. */
  serve(): Promise<LoopbackServer> {
    return listenOnLoopback(createAdaptorServer({ fetch: (request) => this.fetch(request) }));
  }

  private async fetch(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const authorization = request.headers.get("authorization");
    this.requests.push({
      asked: `${request.method} ${pathname}${search}`,
      authorization,
      redirect: request.redirect,
    });
    const failure = this.failures.shift();
    if (typeof failure === "string") throw new TypeError("fetch failed", { cause: new Error(failure) });
    if (failure) return failure;
    const broken = this.broken.find(({ path }) => path.test(pathname));
    if (broken) return broken.answer();
    return this.app.fetch(request);
  }
}

function headOf({ pull }: Knowledge): string {
  return pull.head.sha;
}
