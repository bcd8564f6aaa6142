import { execFile } from "node:child_process";
import { errorCode, UserError } from "../../lib/user-error";
import { awsProblem, NO_CLI, NO_PLUGIN } from "./aws-problem";

/**
 * Runs the AWS CLI with these arguments and gives what it prints.
 * @throws UserError with one sentence, and the CLI's own words as `cause`
 */
export type Aws = (args: readonly string[]) => Promise<string>;

/** A state file with thousands of resources has some tens of megabytes. */
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/** How the AWS CLI is called. */
export interface AwsCliOptions {
  /** The page that says which permissions it takes. @default "docs/private-access.md" */
  readonly page?: string;
  /** Seconds that one call may take: by itself the CLI tries for minutes. @default as long as it takes */
  readonly seconds?: number;
  /** Variables that it runs with. @default this process's */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * The AWS CLI of this machine, with the credentials it finds by itself.
 * @param signal ends what runs when it is aborted
 */
export function awsCli(signal: AbortSignal, { page, seconds = 0, env }: AwsCliOptions = {}): Aws {
  const options = { maxBuffer: MAX_OUTPUT_BYTES, signal, timeout: seconds * 1000, env };
  return (args) =>
    new Promise((resolve, reject) => {
      execFile("aws", [...args], options, (error, stdout, stderr) => {
        if (!error) return resolve(stdout);
        const late = error.killed === true && !signal.aborted;
        const said = late ? `timed out after ${seconds} s` : stderr || error.message;
        const problem = errorCode(error) === "ENOENT" ? NO_CLI : awsProblem(said, page);
        reject(Object.assign(new UserError([problem]), { cause: said }));
      });
    });
}

/**
 * Makes sure of whose account would be reached.
 * @param others accounts whose credentials will do as well. @default none
 * @returns ARN of whoever the credentials are
 * @throws UserError with no valid credentials, or with another account's
 */
export async function checkAccount(
  aws: Aws,
  { name, account, region }: { readonly name: string; readonly account: string; readonly region: string },
  others: readonly string[] = [],
): Promise<string> {
  const answer = await aws(["sts", "get-caller-identity", "--region", region, "--output", "json"]);
  const { Account: actual, Arn: arn }: { Account?: unknown; Arn?: unknown } = JSON.parse(answer);
  if ([account, ...others].includes(String(actual))) return String(arn);
  throw new UserError([
    `the AWS credentials are those of account ${actual}, and ${name} is in ${account}; set AWS_PROFILE to a profile of that account`,
  ]);
}

/** @throws UserError without the Session Manager plugin, which the AWS CLI forwards ports by */
export function checkPlugin(): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile("session-manager-plugin", ["--version"], (error) => {
      if (error && errorCode(error) === "ENOENT") reject(new UserError([NO_PLUGIN]));
      else resolve();
    });
  });
}
