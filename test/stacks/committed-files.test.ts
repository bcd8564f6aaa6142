import fs, {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { UserError } from "../../lib/user-error";
import { loadEnvironments } from "../../model/config/load";
import { committedChanges, writableChanges, writeCommitted } from "../../stacks/committed-files";
import { reviewFiles } from "../../stacks/review-files";
import { MINIMAL } from "../helpers/environment";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "committed-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const path = (name: string) => join(folder, name);
const put = (name: string, text: string) => {
  mkdirSync(dirname(path(name)), { recursive: true });
  writeFileSync(path(name), text);
};
/** An environment file. Its databases are named, since databases of one account may not be called the same. */
const environment = (name: string, review = "review: { folder: review }\n", more = "") =>
  put(
    `${name}.yaml`,
    `${MINIMAL.replace("name: test", `name: ${name}`).replace("{ shop: [billing, orders] }", `{ shop: [billing, orders]${more} }`)}${review}network: { cidr: 10.${name.length}.0.0/16 }\n`,
  );
const load = (source = folder) => loadEnvironments(source);
const write = (source?: string) => writeCommitted(writableChanges(load(source)));
const changes = (source?: string) =>
  committedChanges(load(source)).map((change) => `${change.path.replace(`${folder}/`, "")} ${change.reason}`);
const files = (name = ".") =>
  readdirSync(path(name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).replace(`${path(name)}/`, ""))
    .sort();
const refusal = () => {
  try {
    writableChanges(load());
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.messages.map((message) => message.replaceAll(`${folder}/`, ""));
  }
};

test("report, plan and SQL are written to the folder that the file names, and are then as they have to be", () => {
  environment("dev");
  expect(changes()).toEqual([
    "review/dev/access-plan.json is not there",
    "review/dev/access.md is not there",
    "review/dev/shop.sql is not there",
  ]);
  write();
  expect(files("review")).toEqual(["dev/access-plan.json", "dev/access.md", "dev/shop.sql"]);
  for (const [name, text] of load().flatMap((each) => [...reviewFiles(each)])) {
    expect(readFileSync(path(`review/dev/${name}`), "utf8")).toBe(text);
  }
  expect(changes()).toEqual([]);
});

test("a file that does not say where has nothing committed", () => {
  environment("dev", "");
  write();
  expect(files()).toEqual(["dev.yaml"]);
});

test("to compare writes nothing", () => {
  environment("dev");
  changes();
  expect(files()).toEqual(["dev.yaml"]);
});

test("what differs, even in one byte, is named with the file that makes it", () => {
  environment("dev");
  write();
  const file = "review/dev/access.md";
  put(file, `${readFileSync(path(file), "utf8")} `);
  expect(changes()).toEqual([`${file} is not what dev.yaml makes`]);
  write();
  expect(changes()).toEqual([]);
});

describe("what is left there", () => {
  test("of a database that is gone goes, and what others put there stays", () => {
    environment("dev", undefined, ", board: [messages]");
    write();
    put("review/dev/notes.md", "# Access to PostgreSQL in dev\n");
    put("review/dev/by-hand.sql", "GRANT;\n");
    put("review/dev/deep/old.sql", "-- Access to the database old\n");
    environment("dev");
    expect(changes()).toEqual([
      "review/dev/access-plan.json is not what dev.yaml makes",
      "review/dev/access.md is not what dev.yaml makes",
      "review/dev/board.sql is of a database that is gone",
      "review/dev/shop.sql is not what dev.yaml makes",
    ]);
    write();
    expect(files("review/dev")).toEqual([
      "access-plan.json",
      "access.md",
      "by-hand.sql",
      "deep/old.sql",
      "notes.md",
      "shop.sql",
    ]);
  });

  test("of an environment that is gone goes with its folder, and a folder of others stays", () => {
    environment("dev");
    environment("prod");
    write();
    put("review/README.md", "ours\n");
    put("review/other/access.md", "# Access to PostgreSQL in other\n");
    put("review/constructor/toString.sql", "-- by hand\n");
    rmSync(path("prod.yaml"));
    expect(changes()).toEqual([
      "review/prod/access-plan.json is of no environment that writes there",
      "review/prod/access.md is of no environment that writes there",
      "review/prod/shop.sql is of no environment that writes there",
    ]);
    write();
    expect(readdirSync(path("review")).sort()).toEqual(["README.md", "constructor", "dev", "other"]);
    expect(changes()).toEqual([]);
  });

  test("of an environment that is gone stays where others put something, and that alone", () => {
    environment("dev");
    environment("prod");
    write();
    put("review/prod/notes.md", "mine\n");
    rmSync(path("prod.yaml"));
    write();
    expect(files("review/prod")).toEqual(["notes.md"]);
  });

  test.each([
    ["has another name now", "name: prod", "name: live"],
    ["writes nowhere now", "review: { folder: review }\n", ""],
    ["writes elsewhere now", "review: { folder: review }", "review: { folder: other }"],
  ])("of an environment that %s goes", (_, from, to) => {
    environment("dev");
    environment("prod");
    write();
    put("prod.yaml", readFileSync(path("prod.yaml"), "utf8").replace(from, to));
    write();
    expect(existsSync(path("review/prod"))).toBe(false);
    expect(changes()).toEqual([]);
  });

  test("of an environment that was not asked for stays", () => {
    environment("dev");
    environment("prod");
    write();
    expect(changes(path("dev.yaml"))).toEqual([]);
  });
});

describe("is refused, all of it at once and before anything is written,", () => {
  test("where a file is in place of a folder, a link is anywhere, or somebody's file has our name", () => {
    environment("dev", "review: { folder: a/b }\n");
    environment("prod");
    environment("third", "review: { folder: c }\n");
    environment("fourth", "review: { folder: d }\n");
    put("a", "a file");
    mkdirSync(path("elsewhere"));
    symlinkSync(path("elsewhere"), path("review"));
    put("c/third/access.md", "mine\n");
    mkdirSync(path("c/third/shop.sql"));
    mkdirSync(path("d/fourth"), { recursive: true });
    symlinkSync(path("elsewhere/x"), path("d/fourth/access.md"));
    const before = files();
    expect(refusal()).toEqual([
      "a is a file, where review.folder needs a folder: move it, or name another folder",
      "review is a link, where review.folder needs a folder: move it, or name another folder",
      "d/fourth/access.md is a link that no synthesis wrote: move it, or name another folder in review.folder",
      "c/third/access.md is a file that no synthesis wrote: move it, or name another folder in review.folder",
      "c/third/shop.sql is a folder that no synthesis wrote: move it, or name another folder in review.folder",
    ]);
    expect(files()).toEqual(before);
  });

  test("where the file system refuses it", () => {
    environment("dev");
    environment("prod", "review: { folder: other }\n");
    write();
    environment("dev", undefined, ", board: [messages]");
    put("prod.yaml", readFileSync(path("prod.yaml"), "utf8").replace("folder: other", "folder: third/place"));
    const refused = [folder, path("review/dev"), path("review/dev/access.md")];
    // Whoever runs the tests may be allowed anything.
    const access = jest.spyOn(fs, "accessSync").mockImplementation((place) => {
      if (refused.includes(String(place))) throw Object.assign(new Error(), { code: "EACCES" });
    });
    const before = files();
    expect(refusal()).toEqual([
      "review/dev cannot be written (EACCES), where review.folder needs to",
      "review/dev/access.md cannot be written (EACCES), where review.folder needs to",
      `${folder} cannot be written (EACCES), where review.folder needs to`,
    ]);
    access.mockRestore();
    expect(files()).toEqual(before);
    expect(changes()).toContain("review/dev/board.sql is not there");
  });
});

test("an empty file is nobody's, and is written over", () => {
  environment("dev");
  put("review/dev/access.md", "");
  write();
  expect(changes()).toEqual([]);
});
