import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { unzip } from "../../lib/unzip";
import { UserError } from "../../lib/user-error";
import type { GitHub } from "./api";

/** A synthesis that another workflow makes of a pull request's code. */
export interface Synthesis {
  /** `<owner>/<name>` */
  readonly repository: string;
  /** File name of the workflow that makes it. */
  readonly workflow: string;
  /** The pull request's newest commit. */
  readonly head: string;
  /** The merge that it must be of. */
  readonly merge: string;
}

const artifacts = z.object({
  artifacts: z
    .object({
      id: z.number(),
      expired: z.boolean(),
      workflow_run: z.object({ head_sha: z.string() }).nullish(),
    })
    .array(),
});
const runs = z.object({
  workflow_runs: z.object({ status: z.string().nullable(), conclusion: z.string().nullable() }).array(),
});

const EVERY_MS = 10_000;
const ATTEMPTS = 60;
/** By then, GitHub has started what the same event starts. */
const STARTED = 6;
const MOST_BYTES = 256 << 20;
const LIMITS = { bytes: 512 << 20, entries: 20_000 };
/** What a review reads of a synthesis: files of its stacks and of its environments, and no way out of the folder. */
const READ = /^(stacks|review)\/[a-z][a-z0-9-]{0,80}\/[a-z0-9][\w.-]{0,100}$/i;

/**
 * Waits for the synthesis of a merge, and writes what a review reads of it to a folder. Whoever wrote the pull request
 * could have made it say anything: it is data, and the change of code that it comes from is for somebody to approve.
 * @throws UserError when it will not come, or not within ten minutes
 */
export async function fetchSynthesis(
  api: GitHub,
  synthesis: Synthesis,
  folder: string,
  wait: (ms: number) => Promise<unknown> = pause,
): Promise<void> {
  const { repository, workflow, head, merge } = synthesis;
  const name = artifactName(merge);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    // In this order: a run that ends in between has left it by the next attempt.
    const going = await api.get(
      `/repos/${repository}/actions/workflows/${workflow}/runs?event=pull_request&head_sha=${head}&per_page=100`,
      runs,
    );
    const there = await api.get(
      `/repos/${repository}/actions/artifacts?name=${name}&per_page=100`,
      artifacts,
    );
    const found = there.artifacts.find(
      ({ expired, workflow_run }) => !expired && workflow_run?.head_sha === head,
    );
    if (found) {
      write(await api.download(`/repos/${repository}/actions/artifacts/${found.id}/zip`, MOST_BYTES), folder);
      return;
    }
    const states = going.workflow_runs.map(({ status, conclusion }) => conclusion ?? status ?? "unknown");
    if (
      attempt >= STARTED &&
      states.length > 0 &&
      going.workflow_runs.every(({ status }) => status === "completed")
    ) {
      throw new UserError([
        `${workflow} has made no synthesis of ${merge.slice(0, 7)} (${[...new Set(states)].join(", ")}): ` +
          "mend what failed there, or run it again if the branch it is for has moved on; then run this again",
      ]);
    }
    await wait(EVERY_MS);
  }
  throw new UserError([
    `${workflow} has not synthesised ${merge.slice(0, 7)} in ten minutes: see whether its run waits for approval, ` +
      "and run this again when it is done",
  ]);
}

/** Name of the artefact that holds the synthesis of a merge. */
export function artifactName(merge: string): string {
  return `synthesis-${merge}`;
}

function write(archive: Buffer, folder: string): void {
  const files = read(archive);
  if (files.size === 0)
    throw new UserError(["The synthesis that was handed over holds no stack and no review"]);
  for (const [name, bytes] of files) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
}

function read(archive: Buffer): Map<string, Buffer> {
  try {
    return unzip(archive, (name) => READ.test(name), LIMITS);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError([`The synthesis that was handed over cannot be read: ${reason}`]);
  }
}
