import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { changedCode, fetchMerge } from "../../../tools/github/merge";
import { type Files, pullRequestRepository } from "./repository";

const repository = pullRequestRepository({
  "environments/dev.yaml": "name: dev\n",
  "main.ts": "\n",
  "docs/a.md": "a\n",
});
afterAll(() => repository.remove());

const { base, pullRequest } = repository;
const clone = { folder: repository.clone, serverUrl: "https://github.test", wait: async () => undefined };

async function code(files: Files, environments = "environments"): Promise<string[]> {
  const { head } = pullRequest(files);
  const merge = await fetchMerge(clone, { number: 12, head, branch: "main" });
  return changedCode(clone, merge, environments);
}

test("a pull request is compared as merged with the newest of its branch, and not checked out", async () => {
  const { head, merge } = pullRequest({ "environments/dev.yaml": "name: other\n" });
  const fetched = await fetchMerge(clone, { number: 12, head, branch: "main" });
  expect(fetched).toEqual({ base, merge });
  expect(repository.git(clone.folder, "status", "--porcelain")).toBe("");
});

test("a merge of another commit, or with what is no longer the newest, is waited out and then refused", async () => {
  const { head } = pullRequest({ "environments/dev.yaml": "name: other\n" });
  let waits = 0;
  const patient = {
    ...clone,
    wait: async () => {
      waits += 1;
    },
  };
  await expect(fetchMerge(patient, { number: 12, head: base, branch: "main" })).rejects.toThrow(
    /^GitHub's merge of #12 is of \w{7} and \w{7}, not of main and/,
  );
  expect(waits).toBeGreaterThan(3);
  repository.branch("release", { "main.ts": "newer\n" });
  await expect(fetchMerge(clone, { number: 12, head, branch: "release" })).rejects.toThrow("run this again");
});

test("a merge that is not there is an error that names git's reason", async () => {
  await expect(fetchMerge(clone, { number: 13, head: base, branch: "main" })).rejects.toThrow(
    /^git fetch: .*refs\/pull\/13\/merge/,
  );
});

test.each([
  ["an environment file", { "environments/dev.yaml": "name: other\n" }],
  ["a new one, and its certificates", { "environments/x/new.yml": "a\n", "environments/x/ca.pem": "a\n" }],
  ["one that goes", { "environments/dev.yaml": undefined }],
  [
    "what is committed beside it",
    { "environments/dev/access.md": "a\n", "environments/dev/shop.sql": "a\n" },
  ],
  [
    "what no synthesis reads",
    { "docs/a.md": "b\n", "README.md": "b\n", "lib/a.md": "b\n", "test/a.ts": "b\n" },
  ],
])("%s is data", async (_, files) => {
  expect(await code(files)).toEqual([]);
});

test.each<[string, Files, string[]]>([
  ["a source", { "main.ts": "evil\n" }, ["main.ts"]],
  ["a source that goes", { "main.ts": undefined }, ["main.ts"]],
  ["a source among data", { "environments/dev.yaml": "b\n", "lib/a.ts": "b\n" }, ["lib/a.ts"]],
  ["a script beside environments", { "environments/evil.ts": "b\n" }, ["environments/evil.ts"]],
  ["a link", { "environments/dev.yaml": "→/proc/self/environ" }, ["environments/dev.yaml"]],
  ["a file that can be run", { "environments/dev.yaml": "#!/bin/sh\n" }, ["environments/dev.yaml"]],
  [
    "what git itself obeys",
    { ".gitattributes": "* filter=x\n", ".npmrc": "\n" },
    [".gitattributes", ".npmrc"],
  ],
  ["a dependency", { "package-lock.json": "{}\n" }, ["package-lock.json"]],
  ["a workflow", { ".github/workflows/review.yml": "\n" }, [".github/workflows/review.yml"]],
  [
    "a folder that begins like it",
    { "environments-of-mine/dev.yaml": "b\n" },
    ["environments-of-mine/dev.yaml"],
  ],
  ["a name with a line break", { "a\nenvironments/x.yaml": "b\n" }, ["a\nenvironments/x.yaml"]],
  [
    "what has the name of a page in its path",
    { "lib/a.md/x.ts": "b\n", "lib/docs/a.ts": "b\n" },
    ["lib/a.md/x.ts", "lib/docs/a.ts"],
  ],
  [
    "a source that becomes an environment",
    { "main.ts": undefined, "environments/main.yaml": "\n" },
    ["main.ts"],
  ],
  [
    "an environment that becomes a source",
    { "environments/dev.yaml": undefined, "evil.ts": "name: dev\n" },
    ["evil.ts"],
  ],
  ["a link among tests", { "test/a.ts": "→/proc/self/environ" }, ["test/a.ts"]],
])("%s is code", async (_, files, expected) => {
  expect(await code(files)).toEqual(expected);
});

test("environments are where ENVIRONMENTS says", async () => {
  const files = { "ours/dev.yaml": "a\n", "environments/dev.yaml": "b\n", "one.yaml": "b\n" };
  expect(await code(files, "./ours/")).toEqual(["environments/dev.yaml", "one.yaml"]);
  expect(await code(files, "ours/dev.yaml, one.yaml")).toEqual(["environments/dev.yaml"]);
  expect(await code(files, "../elsewhere")).toEqual(["environments/dev.yaml", "one.yaml", "ours/dev.yaml"]);
});

test("git learns the token by its environment, for this server alone", async () => {
  const bin = repository.emptyFolder();
  const log = join(bin, "git.log");
  writeFileSync(
    join(bin, "git"),
    `#!/bin/sh\necho "$@ $GIT_CONFIG_KEY_0 $GIT_CONFIG_VALUE_0" >> ${log}; exit 1\n`,
  );
  chmodSync(join(bin, "git"), 0o755);
  const { PATH } = process.env;
  process.env.PATH = `${bin}:${PATH}`;
  try {
    const asking = fetchMerge({ ...clone, token: "secret" }, { number: 12, head: base, branch: "main" });
    await expect(asking).rejects.toThrow(/^(?!.*secret)/);
  } finally {
    process.env.PATH = PATH;
  }
  expect(readFileSync(log, "utf8")).toMatch(
    /^fetch .*merge http\.https:\/\/github\.test\/\.extraheader AUTHORIZATION: basic eC1hY2Nlc3MtdG9rZW46c2VjcmV0$/m,
  );
});
