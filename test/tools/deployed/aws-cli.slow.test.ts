import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type Aws, type AwsCliOptions, awsCli } from "../../../tools/deployed/aws-cli";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "aws-cli-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** An AWS CLI that is a program of these lines. */
function cli(options: AwsCliOptions, ...lines: readonly string[]): Aws {
  writeFileSync(join(folder, "aws"), ["#!/bin/sh", ...lines].join("\n"));
  chmodSync(join(folder, "aws"), 0o755);
  const env = { PATH: [folder, process.env.PATH].join(delimiter) };
  return awsCli(new AbortController().signal, { ...options, env });
}

test("a call that takes longer than it may is ended, and is one sentence", async () => {
  await expect(cli({ seconds: 0.2 }, "exec sleep 600")([])).rejects.toThrow(
    /^AWS cannot be reached; check this machine's network: timed out after 0\.2 s$/,
  );
});

test("one that is in time gives what it prints", async () => {
  expect(await cli({ seconds: 30 }, "echo yes $1")(["iam"])).toBe("yes iam\n");
});

test("a permission that is missing is looked up in the page of whoever asks", async () => {
  const denied = "echo 'An error occurred (AccessDenied): no' >&2; exit 254";
  await expect(cli({ page: "docs/operating.md" }, denied)([])).rejects.toThrow(
    "these AWS credentials lack a permission that docs/operating.md lists: An error occurred (AccessDenied): no",
  );
  await expect(cli({}, denied)([])).rejects.toThrow("that docs/private-access.md lists");
});
