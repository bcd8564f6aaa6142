import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { terminalText } from "../lib/terminal-text";
import { exitOnUserError, UserError } from "../lib/user-error";
import {
  GitHub,
  judgePullRequest,
  parseApprovers,
  type ReviewRequest,
  type ReviewResult,
} from "../tools/github/judge";
import { commandLine } from "./support/arguments";

const USAGE = `Usage: npm run pull-request [-- --out <folder>]
Judges a pull request, in a job of GitHub Actions that runs on pull_request_target (examples/github/review.yml): reviews
what merging it would change, and says so in a comment and in the commit status "access review". No code of the pull
request runs. Exits 0 when nothing is left to approve, 2 when something is, 1 when it cannot say.

  --out <folder>  where the report goes, as HTML; default review

  GITHUB_TOKEN  that of a GitHub App of your own, or of the job: docs/reviewing.md says what it may do
  APPROVERS     who may approve, such as "@acme/platform, octocat"
  ENVIRONMENTS  where environments are, as for every command
  SYNTHESIS     file name of the workflow that synthesises changed code; default review-synthesis.yml`;

/** Relative to the project, where npm runs scripts. */
const REVIEW = ["run.js", "commands/review.ts"];
const reviewJson = z.object({
  version: z.literal(1),
  outcome: z.enum(["nothing to approve", "approval needed", "approved"]),
  digest: z
    .string()
    .regex(/^[\da-f]{40}$/)
    .optional(),
});

async function main(): Promise<void> {
  const given = commandLine(USAGE, { values: ["out"] });
  if (!given) return;
  const out = resolve(given.values.out ?? "review");
  const { env } = process;
  // What this prints holds texts of the pull request, and a line that begins with two colons is a command to the runner.
  if (env.GITHUB_ACTIONS === "true") process.stdout.write(`::stop-commands::${randomUUID()}\n`);
  const url = required("GITHUB_API_URL");
  const serverUrl = required("GITHUB_SERVER_URL");
  const repository = required("GITHUB_REPOSITORY");
  const token = required("GITHUB_TOKEN");
  const graphqlUrl = env.GITHUB_GRAPHQL_URL;
  const folder = mkdtempSync(join(tmpdir(), "synthesis-"));
  try {
    const { passed, markdown } = await judgePullRequest({
      api: new GitHub({ url, token, ...(graphqlUrl && { graphqlUrl }) }),
      clone: { serverUrl, token },
      repository,
      number: numberOf(required("GITHUB_EVENT_PATH")),
      approvers: parseApprovers(env.APPROVERS),
      environments: env.ENVIRONMENTS || "environments",
      workflow: env.SYNTHESIS || "review-synthesis.yml",
      folder,
      ...(env.GITHUB_RUN_ID && { runUrl: `${serverUrl}/${repository}/actions/runs/${env.GITHUB_RUN_ID}` }),
      review: (request) => review(request, out),
      log: (line) => process.stdout.write(`${terminalText(line)}\n`),
    });
    if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, `${markdown}\n`);
    if (!passed) process.exitCode = 2;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function required(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new UserError([`${name} is not set: this runs in a job of GitHub Actions`], USAGE);
}

function numberOf(eventFile: string): number {
  const event = z.object({ pull_request: z.object({ number: z.int().positive() }) });
  const parsed = event.safeParse(JSON.parse(readFileSync(eventFile, "utf8")));
  if (parsed.success) return parsed.data.pull_request.number;
  throw new UserError(["The event is none of a pull request: this runs on pull_request_target"]);
}

/** Reviews two commits by `npm run review`, which learns no token, and leaves the HTML report in a folder. */
function review({ base, merge, synthesised, approve }: ReviewRequest, out: string): ReviewResult {
  const run = (format: string) => {
    const given = Object.entries({ base, head: merge, synthesised, approve, format });
    const args = given.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
    const { PATH, HOME, TMPDIR, ENVIRONMENTS, WARNINGS } = process.env;
    const { status, stdout, stderr, error } = spawnSync(process.execPath, [...REVIEW, ...args], {
      env: { PATH, HOME, TMPDIR, ENVIRONMENTS, WARNINGS },
      encoding: "utf8",
      maxBuffer: 256 << 20,
    });
    if (!error && (status === 0 || status === 2)) return { status, stdout };
    throw new UserError(["The review failed:", ...(error?.message ?? stderr).trim().split("\n")]);
  };
  const { status, stdout } = run("json");
  const { outcome, digest } = reviewJson.parse(JSON.parse(stdout));
  if ((status === 2) !== (outcome === "approval needed")) {
    throw new UserError([`The review says "${outcome}" and exits ${status}`]);
  }
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "review.html"), run("html").stdout);
  return { outcome, ...(digest !== undefined && { digest }), markdown: run("markdown").stdout };
}

void exitOnUserError(main);
