import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { UserError } from "../../../../lib/user-error";
import { accessPlan } from "../../../../model/access/plan";
import { accessLog, type LogEntry } from "../../../../tools/review/history/access-log";
import { LOG_REPORTS } from "../../../../tools/review/history/log-report";
import { declared, MINIMAL, parse } from "../../../helpers/environment";
import { type Options, SmallProject } from "../sides/small-project";

let project: SmallProject;
beforeEach(() => {
  project = new SmallProject();
  project.git("rm", "--quiet", "--cached", "-r", "--ignore-unmatch", ".");
  project.write("environments/dev.yaml", "");
});
afterEach(() => project.remove());

/** An environment file: what the small project's synth makes a real plan of. */
function environment(name: string, ...edits: readonly (readonly [string, string])[]): string {
  const text = edits.reduce(
    (before, [from, to]) => {
      if (!before.includes(from)) throw new Error(`there is no ${from}`);
      return before.replace(from, to);
    },
    MINIMAL.replace("name: test", `name: ${name}`),
  );
  return `name: ${name}\nplan: ${JSON.stringify(accessPlan(parse(declared(text))))}\n`;
}

const WRITE = [
  "{ shop.orders: read-write }",
  "{ shop.billing: read-write, shop.orders: read-write }",
] as const;
const READ = ["{ shop.orders: read-write }", "{ shop.billing: read-only, shop.orders: read-write }"] as const;
const SECOND = [
  "  services:\n",
  "  services:\n    audit:\n      namespace: audit\n      grants: { shop.billing: read-only }\n",
] as const;

/** Commits the file of dev, on a day. */
function commit(text: string, day: string, author = "Ann Author"): string {
  project.write("environments/dev.yaml", text);
  return project
    .commit("A change", { GIT_COMMITTER_DATE: `${day}T12:00:00Z`, GIT_AUTHOR_NAME: author })
    .slice(0, 10);
}
const log = (target: string, options: Options = {}) =>
  project.using(options, (context) => accessLog(target, context));
const lines = (entries: readonly LogEntry[]) =>
  entries.map(({ date, commit, author, changes }) => [
    date,
    commit,
    author,
    ...changes.map(({ environments, text }) => `${environments.join("+")}: ${text.split(" (")[0]}`),
  ]);

test("an identity's history is a line for each commit that changed its access, the newest first", async () => {
  const added = commit(environment("dev"), "2026-03-01");
  const read = commit(environment("dev", READ), "2026-03-02", "Bob Builder");
  commit(environment("dev", READ, SECOND), "2026-03-03");
  const written = commit(environment("dev", WRITE, SECOND), "2026-03-04");
  project.write("README.md", "nothing of access");
  project.commit();
  expect(lines(await log("orders-api"))).toEqual([
    ["2026-03-04", written, "Ann Author", "dev: orders-api: shop.billing read-only → read-write"],
    ["2026-03-02", read, "Bob Builder", "dev: orders-api: shop.billing no access → read-only"],
    ["2026-03-01", added, "Ann Author", expect.stringContaining("dev: orders-api: a new service")],
  ]);
  // What touches neither environment files nor what makes plans of them is not looked at.
  expect(project.said).toHaveLength(4);
});

test("a schema's history is everybody's access to it", async () => {
  commit(environment("dev"), "2026-03-01");
  const read = commit(environment("dev", READ), "2026-03-02");
  const second = commit(environment("dev", READ, SECOND), "2026-03-03");
  commit(
    environment("dev", READ, SECOND, ["shop.orders: read-write", "shop.orders: read-only"]),
    "2026-03-04",
  );
  const gone = commit(environment("dev", READ), "2026-03-05");
  const entries = await log("shop.billing");
  expect(lines(entries).map(([, id, , ...texts]) => [id, texts.join().slice(0, 40)])).toEqual([
    [gone, "dev: audit: is gone; ServiceAccount audi"],
    [second, "dev: audit: a new service; ServiceAccoun"],
    [read, "dev: orders-api: shop.billing no access "],
    [expect.any(String), "dev: shop: a new database, with shop.bil"],
  ]);
});

test("what is the same in several environments is said once, and names narrow it to some", async () => {
  project.write("environments/prod.yaml", environment("prod"));
  commit(environment("dev"), "2026-03-01");
  project.write("environments/prod.yaml", environment("prod", READ));
  commit(environment("dev", READ), "2026-03-02");
  const [newest] = lines(await log("orders-api"));
  expect(newest?.slice(3)).toEqual(["dev+prod: orders-api: shop.billing no access → read-only"]);
  const [ofProd] = lines(await log("orders-api", { names: ["prod"] }));
  expect(ofProd?.slice(3)).toEqual(["prod: orders-api: shop.billing no access → read-only"]);
});

test("an identity and a schema are followed to what they were called before", async () => {
  const named = (...edits: readonly (readonly [string, string])[]) =>
    environment("dev", ["orders-api:", "shop-orders:"], ...edits);
  commit(environment("dev"), "2026-03-01");
  const renamed = commit(named(), "2026-03-02");
  const granted = commit(named(READ), "2026-03-03");
  const entries = lines(await log("shop-orders"));
  expect(entries.map(([date]) => date)).toEqual(["2026-03-03", "2026-03-02", "2026-03-01"]);
  expect(entries[0]).toEqual([
    "2026-03-03",
    granted,
    "Ann Author",
    "dev: shop-orders: shop.billing no access → read-only",
  ]);
  expect(entries[1]).toEqual([
    "2026-03-02",
    renamed,
    "Ann Author",
    expect.stringContaining("was orders-api"),
  ]);
  expect(entries[2]?.[3]).toContain("orders-api: a new service");
  // By its old name, it is history until then.
  expect(lines(await log("orders-api")).map(([date]) => date)).toEqual(["2026-03-02", "2026-03-01"]);
});

test("an environment file is followed to where it was", async () => {
  project.write("old/place.yaml", environment("dev"));
  project.git("rm", "--quiet", "--cached", "--ignore-unmatch", "environments/dev.yaml");
  project.write(".gitignore", "node_modules/\nenvironments/dev.yaml\n");
  project.commit();
  project.git("mv", "old/place.yaml", "environments/moved.yaml");
  project.commit();
  project.write("environments/moved.yaml", environment("dev", READ));
  project.commit();
  expect(lines(await log("orders-api")).map(([, , , text]) => text?.slice(0, 32))).toEqual([
    "dev: orders-api: shop.billing no",
    "dev: orders-api: a new service; ",
  ]);
});

test("a commit that cannot be computed is a line that says so, and hides nothing that changed with it", async () => {
  commit(environment("dev"), "2026-03-01");
  const broken = commit("name: dev\nmistake", "2026-03-02");
  const mended = commit(environment("dev", READ), "2026-03-03");
  const odd = commit('name: dev\nplan: {"identities":{}}', "2026-03-04");
  const entries = lines(await log("orders-api"));
  expect(entries.slice(0, 3)).toEqual([
    ["2026-03-04", odd, "Ann Author", expect.stringContaining("dev: cannot be computed: ")],
    ["2026-03-03", mended, "Ann Author", "dev: orders-api: shop.billing no access → read-only"],
    [
      "2026-03-02",
      broken,
      "Ann Author",
      ": cannot be computed: environments/dev.yaml:2:1: this is a mistake",
    ],
  ]);
});

test("a file that goes takes its environment's history to an end, which is said", async () => {
  commit(environment("dev"), "2026-03-01");
  project.write("environments/other.yaml", environment("other"));
  project.git("rm", "--quiet", "environments/dev.yaml");
  project.commit();
  expect(lines(await log("orders-api", { names: ["dev"] }))[0]?.[3]).toBe(
    "dev: orders-api: the environment's file is gone",
  );
});

test("what came with a merge is dated by the merge", async () => {
  commit(environment("dev"), "2026-03-01");
  project.git("switch", "--quiet", "--create", "topic");
  commit(environment("dev", READ), "2026-03-02");
  project.git("switch", "--quiet", "main");
  project.write("other.txt", "");
  project.commit();
  project.git("merge", "--quiet", "--no-commit", "--no-ff", "topic");
  project.commit("Merge", { GIT_COMMITTER_DATE: "2026-04-01T00:00:00Z" });
  expect(lines(await log("orders-api")).map(([date]) => date)).toEqual(["2026-04-01", "2026-03-01"]);
});

test("code that makes plans is looked at, by its own", async () => {
  commit(environment("dev"), "2026-03-01");
  project.write("model/code.js", "");
  project.write(
    "synth.js",
    project
      .read("synth.js")
      .replace(
        "...JSON.parse(given",
        "...JSON.parse(given.replace('\"connectionLimit\":', '\"connectionLimit\":1')",
      ),
  );
  project.commit("Another model", { GIT_COMMITTER_DATE: "2026-03-02T00:00:00Z" });
  expect(lines(await log("orders-api"))[0]?.[3]).toMatch(/^dev: orders-api: .*connections/);
});

describe("what is asked for", () => {
  const refused = (promise: Promise<unknown>) =>
    promise.then(
      () => "",
      (error: unknown) => (error instanceof UserError ? error.messages.join() : String(error)),
    );

  test("must have been there once", async () => {
    commit(environment("dev"), "2026-03-01");
    commit("name: dev\nmistake", "2026-03-02");
    expect(await refused(log("orders-apo"))).toBe(
      'There never was an identity or schema "orders-apo". Did you mean "orders-api"? 1 of the commits cannot be computed.',
    );
    expect(await refused(log("shop.biling"))).toContain('Did you mean "shop.billing"?');
  });

  test("needs git, and a commit", async () => {
    expect(await refused(log("orders-api"))).toBe("--log: there is no commit yet.");
    project.git("init", "--quiet");
  });
});

test("authors' names stay text, on one line", async () => {
  commit(environment("dev"), "2026-03-01", "E\u001b[31mve\u202e ::set-output name=x::y");
  const entries = await log("orders-api");
  const text = LOG_REPORTS.text.render("orders-api", entries);
  expect(text).toMatch(
    /^2026-03-01 {2}[0-9a-f]{10} {2}E\\u\{1b\}\[31mve\\u\{202e\} ::set-output name=x::y {2}dev: /,
  );
  expect(text.split("\n")).toHaveLength(1);
  expect(JSON.parse(LOG_REPORTS.json.render("orders-api", entries))).toEqual({
    version: 1,
    target: "orders-api",
    entries,
  });
});
