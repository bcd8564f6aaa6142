import { randomUUID } from "node:crypto";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { terminalText } from "../lib/terminal-text";
import { exitOnUserError, UserError } from "../lib/user-error";
import { DEFAULT_FOLDER } from "../model/config/load";
import {
  GitHub,
  judgePullRequest,
  parseApprovers,
  type ReviewRequest,
  type ReviewResult,
} from "../tools/github/judge";
import {
  findPlaces,
  markdownReport,
  openSides,
  REPORTS,
  reviewSides,
  Workspace,
} from "../tools/review/review";
import { commandLine } from "./support/arguments";
import { now } from "./support/environments";
import { synthesiseHere } from "./support/synthesise-here";

const USAGE = `Usage: npm run pull-request [-- --out <folder>]
Judges a pull request, in a job of GitHub Actions that runs on pull_request_target (examples/github/review.yml): reviews
what merging it would change, and says so in a comment and in the commit status "access review". No code of the pull
request runs. Exits 0 when nothing is left to approve, 2 when something is, 1 when it cannot say.

  --out <folder>  where the report goes, as HTML; default review

  GITHUB_TOKEN  that of a GitHub App of your own, or of the job: docs/reviewing.md says what it may do
  APPROVERS     who may approve, such as "@acme/platform, octocat"
  ENVIRONMENTS  where environments are, as for every command
  SYNTHESIS     file name of the workflow that synthesises changed code; default review-synthesis.yml`;

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
  // Whatever ends this before there is a verdict has not passed.
  process.exitCode = 1;
  const workspace = new Workspace();
  const folder = mkdtempSync(join(tmpdir(), "synthesis-"));
  try {
    const { passed, markdown } = await judgePullRequest({
      api: new GitHub({ url, token, ...(graphqlUrl && { graphqlUrl }) }),
      clone: { serverUrl, token },
      repository,
      number: numberOf(required("GITHUB_EVENT_PATH")),
      approvers: parseApprovers(env.APPROVERS),
      environments: env.ENVIRONMENTS || DEFAULT_FOLDER,
      workflow: env.SYNTHESIS || "review-synthesis.yml",
      folder,
      ...(env.GITHUB_RUN_ID && { runUrl: `${serverUrl}/${repository}/actions/runs/${env.GITHUB_RUN_ID}` }),
      review: (request) => openReview(request, out, workspace),
      log,
    });
    if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, `${markdown}\n`);
    process.exitCode = passed ? 0 : 2;
  } finally {
    workspace.remove();
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

/** Synthesises two commits and compares them, as `npm run review` does, and leaves the reports in a folder. */
async function openReview(
  { base, merge, synthesised }: ReviewRequest,
  out: string,
  workspace: Workspace,
): Promise<(approved?: string) => ReviewResult> {
  const env = withoutToken(process.env);
  const named = { base, head: merge, ...(synthesised && { synthesised }) };
  const sides = await openSides(named, {
    places: findPlaces(process.cwd(), env.ENVIRONMENTS || DEFAULT_FOLDER, env),
    names: [],
    workspace,
    env,
    log,
    synthesiseHere: (...where) => synthesiseHere([], ...where),
  });
  return (approved) => {
    const { findings } = sides;
    const review = reviewSides(sides.base, sides.head, {
      findings,
      ...(approved && { approved }),
      now: now(env.SOURCE_DATE_EPOCH),
    });
    const command = `npm run review -- --base ${base} --head ${merge}`;
    mkdirSync(out, { recursive: true });
    for (const { file, render } of Object.values(REPORTS)) {
      writeFileSync(join(out, file), `${render(review, command)}\n`);
    }
    const { outcome, digest } = review;
    return { outcome, ...(digest && { digest }), markdown: markdownReport(review) };
  };
}

/** Nothing that is started here, main's own code as well, has a use for it. */
function withoutToken({ GITHUB_TOKEN: _, ...others }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return others;
}

function log(line: string): void {
  process.stdout.write(`${terminalText(line)}\n`);
}

void exitOnUserError(main);
