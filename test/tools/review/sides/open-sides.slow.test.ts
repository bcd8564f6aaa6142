import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { UserError } from "../../../../lib/user-error";
import type { Sides } from "../../../../tools/review/sides/open-sides";
import { GitRepository } from "../../../helpers/git-repository";
import { removeAll, SmallProject, seen, temporaryFolder } from "./small-project";

let project: SmallProject;
let elsewhere: string;
beforeEach(() => {
  project = new SmallProject();
  project.commit("The first");
  elsewhere = temporaryFolder();
});
afterEach(() => {
  project.remove();
  removeAll(elsewhere);
});

const kinds = ({ findings }: Sides) => findings.map(({ kind }) => kind);
/** The messages with which something is refused. */
async function refusal(promise: Promise<unknown>): Promise<readonly string[]> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UserError)) throw error ?? new Error("it was not refused");
  return error.messages;
}

describe("what is compared when nothing is named", () => {
  test("is the working tree, and where its branch left the default one", async () => {
    const base = project.git("rev-parse", "HEAD");
    project.git("switch", "--quiet", "--create", "topic");
    project.write("environments/dev.yaml", "name: dev\ncommitted: true\n");
    project.commit();
    project.git("switch", "--quiet", "main");
    project.write("environments/dev.yaml", "name: dev\nmeanwhile: true\n");
    project.commit();
    project.git("switch", "--quiet", "topic");
    project.write("environments/new.yaml", "name: new\n");
    const sides = await project.sides({});
    expect(seen(sides.base)).toEqual({ dev: 'environments/dev.yaml: "name: dev\\n" by first' });
    expect(seen(sides.head)).toEqual({
      dev: 'environments/dev.yaml: "name: dev\\ncommitted: true\\n" by here',
      new: 'environments/new.yaml: "name: new\\n" by here',
    });
    expect([sides.base.name, sides.head.name]).toEqual([base.slice(0, 10), "working tree"]);
    expect(project.said).toEqual([`The base is ${base.slice(0, 10)}, where HEAD left main.`]);
    expect(sides.findings).toEqual([]);
  });

  test("is on the default branch what is not committed, and that is said", async () => {
    project.write("environments/dev.yaml", "name: dev\nuncommitted: true\n");
    const sides = await project.sides({});
    expect(seen(sides.base)).toEqual({ dev: 'environments/dev.yaml: "name: dev\\n" by first' });
    const head = project.git("rev-parse", "--short=10", "HEAD");
    expect(sides.base.name).toBe(`${head} (HEAD)`);
    expect(project.said).toEqual([`The base is ${head}, where HEAD left main: HEAD itself.`]);
  });

  test("is what origin calls its default branch, before any branch of a usual name", async () => {
    const first = project.git("rev-parse", "HEAD");
    project.commit("The second");
    project.git("update-ref", "refs/remotes/origin/develop", first);
    project.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/develop");
    expect((await project.sides({})).base.name).toBe(first.slice(0, 10));
    expect(project.said.join()).toContain("left origin/HEAD.");
  });

  test("is where the named head left it, if a head is named", async () => {
    project.git("switch", "--quiet", "--create", "topic");
    const topic = project.commit("On the topic");
    project.git("switch", "--quiet", "main");
    const first = project.git("rev-parse", "HEAD");
    project.commit("On main");
    const sides = await project.sides({ head: "topic" });
    expect([sides.base.name, sides.head.name]).toEqual([first.slice(0, 10), topic.slice(0, 10)]);
  });

  test("is nothing without a default branch, without a commit, without history in common, or without git", async () => {
    project.git("branch", "--move", "trunk");
    expect(await refusal(project.sides({}))).toEqual([
      "There is no default branch here (origin/HEAD, origin/main, origin/master, main, master): fetch it, or name the base, such as --base origin/develop.",
    ]);
    project.git("switch", "--quiet", "--orphan", "main");
    project.commit("Another beginning");
    project.git("switch", "--quiet", "trunk");
    expect(await refusal(project.sides({}))).toEqual([
      "This and main have no commit in common: name the base, such as --base main.",
    ]);
    removeAll(join(project.folder, ".git"));
    expect(await refusal(project.sides({}))).toEqual([
      "The environment files are in no git repository: --base names a folder to compare with.",
    ]);
    project.git("init", "--quiet");
    expect(await refusal(project.sides({}))).toEqual([
      "There is no commit yet to compare with: --base takes a folder.",
    ]);
  });

  test("is nothing in a clone that does not reach back far enough, which is told how to", async () => {
    project.git("switch", "--quiet", "--create", "topic");
    project.commit("On the topic");
    project.git("switch", "--quiet", "main");
    project.commit("On main");
    project.git(
      "clone",
      "--quiet",
      "--depth=1",
      "--no-single-branch",
      "--branch=topic",
      `file://${project.folder}`,
      elsewhere,
    );
    expect(await refusal(project.sides({}, { project: elsewhere }))).toEqual([
      "This clone does not reach back to where this left origin/HEAD: git fetch --unshallow gets the rest (in GitHub Actions, fetch-depth: 0).",
    ]);
  });
});

describe("a revision", () => {
  test("is synthesised by its own code, from its own files", async () => {
    project.git("tag", "before");
    project.write("made.js", 'exports.made = "second";\n');
    project.write("environments/dev.yaml", "name: dev\nsecond: true\n");
    project.commit();
    const sides = await project.sides({ base: "before", head: "HEAD" });
    expect(seen(sides.base)).toEqual({ dev: 'environments/dev.yaml: "name: dev\\n" by first' });
    expect(seen(sides.head)).toEqual({
      dev: 'environments/dev.yaml: "name: dev\\nsecond: true\\n" by second',
    });
    expect(kinds(sides)).toEqual(["code-changed"]);
  });

  test("has the packages that are here when its lock file is the same, and they stay", async () => {
    project.write("node_modules/thing/index.js", 'module.exports = "from a package";');
    project.write("made.js", 'exports.made = require("thing");\n');
    project.commit();
    expect(seen((await project.sides({})).base)).toEqual({
      dev: 'environments/dev.yaml: "name: dev\\n" by from a package',
    });
    expect(project.read("node_modules/thing/index.js")).toContain("from a package");
  });

  test("has npm install what it needs when its lock file is another, and that is said", async () => {
    project.write("made.js", 'exports.made = require("thing");\n');
    project.commit();
    project.write("package-lock.json", '{ "another": true }');
    // Packages need one another.
    const npm = `#!/bin/sh
mkdir -p node_modules/thing node_modules/other
echo 'module.exports = require("other");' > node_modules/thing/index.js
echo 'module.exports = "two packages";' > node_modules/other/index.js
echo "$@" in "$PWD" > "$NPM_CALLED"
`;
    writeFileSync(join(elsewhere, "npm"), npm);
    chmodSync(join(elsewhere, "npm"), 0o755);
    const env = { PATH: `${elsewhere}:${process.env.PATH}`, NPM_CALLED: join(elsewhere, "called") };
    const sides = await project.sides({}, { env });
    expect(seen(sides.base)).toEqual({ dev: 'environments/dev.yaml: "name: dev\\n" by two packages' });
    const called = readFileSync(env.NPM_CALLED, "utf8");
    expect(called).toMatch(/^ci --prefix (\S+) .*--ignore-scripts .* in \1\n$/);
    expect(called).not.toContain(project.folder);
    expect(project.said.join("\n")).toMatch(
      /^[0-9a-f]{10} \(HEAD\) has another package-lock.json: npm ci installs/m,
    );
    expect(kinds(sides)).toEqual(["code-changed"]);
  });

  test("whose packages cannot be had is a side with that problem", async () => {
    project.write("package-lock.json", '{ "another": true }');
    writeFileSync(
      join(elsewhere, "npm"),
      "#!/bin/sh\necho 'npm error code ENOTFOUND\nnpm error no network' >&2\nexit 1\n",
    );
    chmodSync(join(elsewhere, "npm"), 0o755);
    const { base } = await project.sides({}, { env: { PATH: `${elsewhere}:${process.env.PATH}` } });
    expect(seen(base)).toEqual({ problem: "npm ci: no network" });
  });

  test.each<[string, Readonly<Record<string, string>>, string]>([
    [
      "whose files have a mistake",
      { "environments/dev.yaml": "name: dev\nmistake" },
      "environments/dev.yaml:2:1: this is a mistake",
    ],
    [
      "whose code throws",
      { "made.js": "\nthrow new Error('not ready');" },
      "throw new Error('not ready');; Error: not ready",
    ],
    ["that writes no synthesis", { "synth.js": "" }, "stacks: ENOENT"],
    ["that has no script to synthesise by", { "package.json": "{}" }, "its package.json has no script synth"],
    ["whose package.json is none", { "package.json": "{" }, "its package.json has no script synth"],
    ["that ends itself", { "synth.js": "process.kill(process.pid, 'SIGKILL')" }, "it said nothing"],
  ])("%s is a side with that problem, which names no place on this machine", async (_, files, problem) => {
    for (const [file, text] of Object.entries(files)) project.write(file, text);
    project.commit();
    expect(seen((await project.sides({ base: "HEAD", head: "HEAD~1" })).base)).toEqual({ problem });
  });

  test("with environment files and no project has that problem, and one without environment files has none", async () => {
    project.git("rm", "--quiet", "package.json");
    project.commit();
    project.git("rm", "--quiet", "-r", "environments");
    project.commit();
    const { base, head } = await project.sides({ base: "HEAD", head: "HEAD~1" });
    expect(seen(base)).toEqual({});
    expect(seen(head)).toEqual({ problem: "it has environment files and no package.json" });
    // By which an approval of what cannot be read is bound to it.
    expect(head.commit).toBe(project.git("rev-parse", "HEAD~1").trim());
  });

  test("whose folder of environment files has none yet has no environment", async () => {
    project.git("mv", "environments/dev.yaml", "environments/schema.json");
    project.commit();
    project.git("mv", "environments/schema.json", "environments/dev.yaml");
    const { base, head } = await project.sides({});
    expect([seen(base), Object.keys(seen(head))]).toEqual([{}, ["dev"]]);
  });

  test("may have a script that npm has to run", async () => {
    project.write("package.json", JSON.stringify({ scripts: { synth: "true && node synth.js" } }));
    project.commit();
    expect(seen((await project.sides({}, { names: ["dev"] })).base)).toEqual({
      dev: 'environments/dev.yaml: "name: dev\\n" by first',
    });
  });

  test("is not run as a part of the command that looks at it", async () => {
    project.write(
      "made.js",
      "const { WARNINGS, CDKTF_CONTEXT_JSON } = process.env; exports.made = `${WARNINGS} ${CDKTF_CONTEXT_JSON}`;",
    );
    project.commit();
    const env = { WARNINGS: "error", CDKTF_CONTEXT_JSON: "{}" };
    expect(seen((await project.sides({}, { env })).base)).toEqual({
      dev: 'environments/dev.yaml: "name: dev\\n" by undefined undefined',
    });
  });

  test("is read from a repository in which nothing changes: no index, worktree, branch or file", async () => {
    project.write("environments/dev.yaml", "name: dev\nchanged: true\n");
    project.write("untracked.txt", "");
    project.git("add", "environments");
    const before = project.state();
    await project.sides({ base: "HEAD", head: "HEAD" });
    await project.sides({});
    expect(project.state()).toBe(before);
  });

  test("is whole, whatever the user has git leave out or do", async () => {
    project.write(".git/hooks/post-checkout", "#!/bin/sh\ntouch ran\n");
    chmodSync(join(project.folder, ".git/hooks/post-checkout"), 0o755);
    project.git("sparse-checkout", "set", "docs");
    const { base } = await project.sides({ base: "HEAD", head: "HEAD" });
    expect(seen(base)).toEqual({ dev: 'environments/dev.yaml: "name: dev\\n" by first' });
  });

  test("may be looked at by several reviews at once, and from a git hook", async () => {
    const all = await Promise.all(
      Array.from({ length: 3 }, () =>
        project.sides(
          { base: "HEAD", head: "HEAD" },
          { env: { GIT_DIR: "nowhere", GIT_INDEX_FILE: "none" } },
        ),
      ),
    );
    for (const { base, head } of all) expect(seen(base)).toEqual(seen(head));
  });

  test("in a folder of a larger repository is looked for there", async () => {
    const files = [
      "package.json",
      "package-lock.json",
      "synth.js",
      "made.js",
      "environments",
      "node_modules",
    ];
    for (const file of files)
      cpSync(join(project.folder, file), join(project.folder, "infra/db", file), { recursive: true });
    project.write("app/code.js", "1");
    project.write(".github/workflows/review.yml", "on: push");
    project.commit();
    project.write("app/code.js", "2");
    const inFolder = { project: join(project.folder, "infra/db") };
    const sides = await project.sides({}, inFolder);
    expect(seen(sides.base)).toEqual({ dev: 'environments/dev.yaml: "name: dev\\n" by first' });
    expect(sides.findings).toEqual([]);
    project.write(".github/workflows/review.yml", "on: nothing");
    project.write("infra/db/made.js", "");
    expect((await project.sides({}, inFolder)).findings[0]?.details).toEqual([
      "changed ../../.github/workflows/review.yml",
      "changed made.js",
    ]);
  });

  test.each([
    "-x",
    "--upload-pack=touch ran",
    "^HEAD",
    "HEAD x",
    "HEAD\nHEAD",
    "HEAD..HEAD",
    "HEAD:made.js",
    "HEAD^{tree}",
    "$(touch ran)",
    "no-such",
  ])("is not what %j names", async (name) => {
    const [message, ...others] = await refusal(project.sides({ base: name }));
    expect(others).toEqual([]);
    expect(message).toMatch(/^--base ".*" is (neither a folder nor a revision of|a folder with neither)/);
    expect(() => project.read("ran")).toThrow("ENOENT");
  });
});

describe("environment files in a repository of their own", () => {
  let ours: GitRepository;
  beforeEach(() => {
    ours = new GitRepository(join(elsewhere, "ours"));
  });

  test("are what a revision is of; both sides are then made by the code that is here", async () => {
    ours.write("envs/dev.yaml", "name: dev\n");
    ours.commit();
    ours.write("envs/dev.yaml", "name: dev\nchanged: true\n");
    project.write("made.js", 'exports.made = "uncommitted";\n');
    const environments = join(ours.folder, "envs");
    const sides = await project.sides({}, { environments });
    const file = /^(\S+): /.exec(seen(sides.head).dev ?? "")?.[1];
    expect(file).toMatch(/^\.\.\/.*envs\/dev\.yaml$/);
    expect(seen(sides.base)).toEqual({ dev: `${file}: "name: dev\\n" by here` });
    expect(seen(sides.head)).toEqual({ dev: `${file}: "name: dev\\nchanged: true\\n" by here` });
    expect(sides.findings).toEqual([]);
  });

  test("that have a mistake in the base make it a side with that problem", async () => {
    ours.write("dev.yaml", "name: dev\nmistake\n");
    ours.commit();
    ours.write("dev.yaml", "name: dev\n");
    const { base } = await project.sides({}, { environments: ours.folder });
    expect(seen(base)).toEqual({ problem: "dev.yaml:2:1: this is a mistake" });
    expect(base.commit).toBe(ours.git("rev-parse", "HEAD").trim());
  });
});

describe("a folder", () => {
  test("that npm run synth wrote is taken as it is, and it is said that its code was not compared", async () => {
    const written = join(elsewhere, "out");
    mkdirSync(join(written, "stacks/dev-access"), { recursive: true });
    mkdirSync(join(written, "review/dev"), { recursive: true });
    writeFileSync(join(written, "stacks/dev-access/cdk.tf.json"), "{}");
    writeFileSync(
      join(written, "review/dev/access-plan.json"),
      JSON.stringify({ version: 1, environment: "dev", file: "f", text: "t", made: "elsewhere" }),
    );
    const sides = await project.sides({ base: written });
    expect(seen(sides.base)).toEqual({ dev: 'f: "t" by elsewhere' });
    expect(sides.base.name).toBe(written);
    expect(sides.findings).toEqual([
      {
        kind: "code-not-compared",
        subject: "code",
        text: "code: what made one of the sides is not at hand, so only what it made is compared",
      },
    ]);
  });

  test("that is a checkout is synthesised by its own code, and nothing is written into it", async () => {
    const checkout = join(elsewhere, "checkout");
    cpSync(project.folder, checkout, { recursive: true });
    writeFileSync(join(checkout, "made.js"), 'exports.made = "there";\n');
    const all = () => project.git("-C", checkout, "status", "--porcelain", "--ignored");
    const before = all();
    const sides = await project.sides({ base: checkout });
    expect(seen(sides.base)).toEqual({ dev: 'environments/dev.yaml: "name: dev\\n" by there' });
    expect(sides.findings[0]?.details).toEqual(["changed made.js"]);
    expect(all()).toBe(before);
    removeAll(join(checkout, "node_modules"));
    expect(seen((await project.sides({ base: checkout })).base)).toEqual({
      problem: "it has no node_modules: run npm ci there",
    });
  });

  test("of environment files is synthesised by the code that is here", async () => {
    writeFileSync(join(elsewhere, "dev.yaml"), "name: dev\nfolder: true\n");
    const sides = await project.sides({ base: elsewhere });
    expect(seen(sides.base)).toEqual({ dev: 'environments/dev.yaml: "name: dev\\nfolder: true\\n" by here' });
    expect(sides.findings).toEqual([]);
  });

  test("that is none of these is refused", async () => {
    expect(await refusal(project.sides({ base: elsewhere }))).toEqual([
      `--base "${elsewhere}" is a folder with neither stacks/ and review/, as npm run synth writes them, nor a package.json, nor environment files.`,
    ]);
  });

  test("whose name is also a revision's is asked about", async () => {
    project.write("twice/package.json", "{}");
    project.git("branch", "twice");
    project.git("branch", "docs");
    project.write("docs/a.txt", "");
    expect(await refusal(project.sides({ base: "twice" }))).toEqual([
      '--base "twice" is a revision and a folder: write ./twice for the folder, or the commit\'s id.',
    ]);
    const { base } = await project.sides({ base: "docs" });
    expect(base.problem).toBeUndefined();
  });

  test("is all that can be compared with where there is no git", async () => {
    removeAll(join(project.folder, ".git"));
    expect(await refusal(project.sides({ base: "main" }))).toEqual([
      '--base "main" is neither a folder nor a revision: the environment files are in no git repository, so that only a folder can be compared with.',
    ]);
  });
});

test("a checkout beside environment files has them from there, or from here", async () => {
  const checkout = join(elsewhere, "checkout");
  cpSync(project.folder, checkout, { recursive: true });
  const environments = "../beside-of-the-project";
  const here = join(project.folder, environments);
  mkdirSync(here);
  writeFileSync(join(here, "dev.yaml"), "name: dev\nhere: true\n");
  expect(seen((await project.sides({ base: checkout }, { environments })).base).dev).toContain("here: true");
  mkdirSync(join(checkout, environments));
  writeFileSync(join(checkout, environments, "dev.yaml"), "name: dev\nthere: true\n");
  expect(seen((await project.sides({ base: checkout }, { environments })).base).dev).toContain("there: true");
  removeAll(here);
});

describe("a head that was synthesised elsewhere", () => {
  let out: string;
  beforeEach(() => {
    out = join(elsewhere, "out");
    mkdirSync(join(out, "stacks"), { recursive: true });
    mkdirSync(join(out, "review"));
    project.write("synth.js", 'require("node:fs").writeFileSync(process.env.RAN, "");');
    project.write("made.js", "changed");
    project.commit();
  });

  test("is taken from there: nothing of it runs, and its code is compared", async () => {
    const env = { RAN: join(elsewhere, "ran") };
    const sides = await project.sides({ base: "HEAD~1", head: "HEAD", synthesised: out }, { env });
    expect(seen(sides.head)).toEqual({});
    expect(sides.findings[0]?.details).toEqual(["changed made.js", "changed synth.js"]);
    expect(() => readFileSync(env.RAN)).toThrow("ENOENT");
  });

  test("may be a checkout, of which not even git's settings are followed", async () => {
    const checkout = join(elsewhere, "checkout");
    cpSync(project.folder, checkout, { recursive: true });
    const ran = join(elsewhere, "ran");
    for (const setting of ["core.fsmonitor", "core.sshCommand", "filter.x.clean"]) {
      project.git("-C", checkout, "config", setting, `touch ${ran}`);
    }
    writeFileSync(join(checkout, ".gitattributes"), "* filter=x\n");
    symlinkSync("/etc", join(checkout, "link"));
    const sides = await project.sides(
      { base: "HEAD~1", head: checkout, synthesised: out },
      { env: { RAN: ran } },
    );
    expect(sides.findings[0]?.details).toEqual([
      "added .gitattributes",
      "added link",
      "changed made.js",
      "changed synth.js",
    ]);
    expect(() => readFileSync(ran)).toThrow("ENOENT");
  });

  test("is not believed where its code is the base's: that reads its files", async () => {
    project.git("reset", "--quiet", "--hard", "HEAD~1");
    project.write("environments/dev.yaml", "name: dev\nwidened: true\n");
    project.commit();
    const sides = await project.sides({ base: "HEAD~1", head: "HEAD", synthesised: out });
    expect(seen(sides.head).dev).toContain("widened: true");
    expect(sides.findings).toEqual([]);
  });

  test("is named, and its folder is a synthesis", async () => {
    expect(await refusal(project.sides({ synthesised: out }))).toEqual([
      "--synthesised is what --head was synthesised to elsewhere: name it with --head, a revision or a checkout.",
    ]);
    expect(await refusal(project.sides({ head: "HEAD", synthesised: project.folder }))).toEqual([
      `--synthesised takes a folder that npm run synth wrote; "${project.folder}" is none.`,
    ]);
  });
});

test("a submodule is not checked out, which is said, and its commit is code", async () => {
  const other = new GitRepository(join(elsewhere, "other"));
  const first = other.commit("The first");
  project.git("update-index", "--add", "--cacheinfo", `160000,${first},sub`);
  project.git("commit", "--quiet", "--message", "A submodule");
  project.git("update-index", "--cacheinfo", `160000,${other.commit("The second")},sub`);
  project.git("commit", "--quiet", "--message", "Its next commit");
  const sides = await project.sides({ base: "HEAD~1", head: "HEAD" });
  expect(sides.findings[0]?.details).toEqual(["changed sub"]);
  expect(project.said[0]).toMatch(/^[0-9a-f]{10}: sub is a submodule, which is not checked out$/);
});

test("environment files of several repositories are of no revision", async () => {
  const other = new GitRepository(join(elsewhere, "other"));
  other.write("prod.yaml", "name: prod\n");
  const environments = `environments/dev.yaml,${join(other.folder, "prod.yaml")}`;
  expect(await refusal(project.sides({}, { environments }))).toEqual([
    "ENVIRONMENTS names files of several repositories: no revision is of them all.",
  ]);
});

test("the project's own folder is the working tree, by whatever name", async () => {
  const sides = await project.sides({ base: ".", head: project.folder });
  expect([sides.base.name, sides.head.name]).toEqual(["working tree", "working tree"]);
  expect(sides.findings).toEqual([]);
});

describe("environments that are named", () => {
  test("may be in one of the sides alone", async () => {
    project.write("environments/old.yaml", "name: old\n");
    project.commit();
    removeAll(join(project.folder, "environments/old.yaml"));
    const { base, head } = await project.sides({}, { names: ["old"] });
    expect([...base.environments.keys()]).toEqual(["old"]);
    expect([...head.environments.keys()]).not.toContain("old");
    project.write("environments/new.yaml", "name: new\n");
    const added = await project.sides({}, { names: ["new"] });
    expect([...added.base.environments.keys()]).not.toContain("new");
    expect([...added.head.environments.keys()]).toContain("new");
  });

  test("and are in neither are refused, with what was meant", async () => {
    expect(await refusal(project.sides({}, { names: ["devv"] }))).toEqual([
      'there is no environment devv. Did you mean "dev"?',
    ]);
  });

  test("may be files of a list, of which the base has some", async () => {
    project.write("environments/new.yaml", "name: new\n");
    const { base, head } = await project.sides(
      {},
      { environments: "environments/dev.yaml,environments/new.yaml" },
    );
    expect([...base.environments.keys()]).toEqual(["dev"]);
    expect([...head.environments.keys()]).toEqual(["dev", "new"]);
  });
});
