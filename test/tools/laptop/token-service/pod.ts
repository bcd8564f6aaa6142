import { type ExecFileException, execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "@jest/globals";
import { ROOT } from "../../../helpers/run";
import { ordersApi, REGION, roleArn, type TestAws, TIMEOUT } from "./support";

/** A pod of orders-api, as far as its programs see it. */
export interface Pod {
  /** Where its ServiceAccount's token is. */
  readonly tokenFile: string;
  /** What EKS puts into a pod, and the address of STS. */
  environment(): Readonly<Record<string, string>>;
  /** Runs a program with nothing of this machine's AWS configuration; this process goes on serving meanwhile. */
  run(
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<{ readonly failed: boolean; readonly stdout: string; readonly stderr: string }>;
}

/** A pod for the tests of a file. */
export function usePod(aws: TestAws): Pod {
  const folder = mkdtempSync(join(tmpdir(), "clients-"));
  const tokenFile = join(folder, "token");
  beforeAll(async () => {
    writeFileSync(tokenFile, await ordersApi(aws), { mode: 0o600 });
  }, TIMEOUT);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    tokenFile,
    environment: () => ({
      AWS_ENDPOINT_URL_STS: aws.url,
      AWS_REGION: REGION,
      // For the older Python clients, which read no other.
      AWS_DEFAULT_REGION: REGION,
      AWS_ROLE_ARN: roleArn("orders-api"),
      AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
    }),
    run: (command, args, env) => {
      const clean = {
        PATH: process.env.PATH,
        HOME: folder,
        PYENV_ROOT: process.env.PYENV_ROOT,
        AWS_PAGER: "",
      };
      return new Promise((resolve) => {
        execFile(
          command,
          args,
          { cwd: ROOT, env: { ...clean, ...env }, timeout: TIMEOUT },
          (error: ExecFileException | null, stdout, stderr) =>
            resolve({ failed: error !== null, stdout, stderr }),
        );
      });
    },
  };
}
