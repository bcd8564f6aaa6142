import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { run } from "../../helpers/run";

/** The account in which moto keeps everything. */
export const MOTO_ACCOUNT = "123456789012";

/** A local AWS API that is running. */
export interface Moto {
  /** Where it answers, such as `http://127.0.0.1:41461`. */
  readonly url: string;
  /** Variables with which the AWS SDKs, the AWS CLI and Terraform's AWS provider talk to it, and to nothing else. */
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** Forgets everything that was created. */
  reset(): Promise<void>;
  /** Ends it. */
  stop(): Promise<void>;
}

/** Why there can be no local AWS API on this machine; undefined when there can. */
export function motoMissing(): string | undefined {
  return run("moto_server", ["--help"]).status === 0 ? undefined : "moto_server (PyPI) is not installed";
}

/** Starts a local AWS API on a free port of loopback, with the IAM policies that AWS manages. */
export async function startMoto(): Promise<Moto> {
  const folder = mkdtempSync(join(tmpdir(), "moto-"));
  const log = join(folder, "log");
  // A file, not a pipe: nobody reads a pipe while a test waits for Terraform, and a full one would stop moto.
  const output = openSync(log, "w");
  const child = spawn("moto_server", ["-H", "127.0.0.1", "-p", "0"], {
    env: { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: "true" },
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async () => {
    child.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const killWithJest = () => child.kill("SIGKILL");
  process.once("exit", killWithJest);
  void ended.then(() => process.removeListener("exit", killWithJest));

  for (const giveUp = Date.now() + 60_000; ; await sleep(100)) {
    const [, url] = /Running on (http:\S+)/.exec(readFileSync(log, "utf8")) ?? [];
    if (url) return { url, env: environment(url), reset: () => reset(url), stop };
    if (child.exitCode === null && Date.now() < giveUp) continue;
    const said = readFileSync(log, "utf8");
    await stop();
    throw new Error(`moto_server did not start: ${said}`);
  }
}

function environment(url: string): NodeJS.ProcessEnv {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    // No profile or configuration of the machine's user, and no look for an instance's role.
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    // Not set at all: the AWS CLI takes an empty name for that of a profile.
    AWS_SESSION_TOKEN: undefined,
    AWS_PROFILE: undefined,
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

async function reset(url: string): Promise<void> {
  const { status } = await fetch(`${url}/moto-api/reset`, { method: "POST" });
  if (status !== 200) throw new Error(`moto did not reset: HTTP ${status}`);
}
