import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { ROOT } from "../helpers/run";
import { anchors, blocks, FILES, links, PAGES, type Page, page, prose } from "./pages";

const PACKAGE: { scripts: Record<string, string> } = JSON.parse(
  readFileSync(join(ROOT, "package.json"), "utf8"),
);
const FOLDERS = new Set(FILES.filter((path) => path.includes("/")).map((path) => path.split("/")[0] ?? ""));
const NAMES = new Set(FILES.map((path) => posix.basename(path)));

test("there are pages to look at", () => {
  expect(PAGES.map(({ path }) => path)).toEqual(
    expect.arrayContaining(["README.md", "CONTRIBUTING.md", "docs/architecture.md", "board/README.md"]),
  );
});

test("the README is a page, of at most 150 lines", () => {
  expect(page("README.md").text.trimEnd().split("\n").length).toBeLessThanOrEqual(150);
});

describe.each(PAGES.map((each) => [each.path, each] as const))("%s", (_path, each) => {
  test("links to what is there", () => {
    expect(links(each).filter(({ path, anchor }) => !leads(path, anchor))).toEqual([]);
  });

  test("names commands that npm run knows", () => {
    expect(commands(each).filter((name) => !Object.hasOwn(PACKAGE.scripts, name))).toEqual([]);
  });

  test("names files that are there", () => {
    expect(namedFiles(each).filter((path) => !exists(path))).toEqual([]);
  });

  test("refers to no design that is not in the repository", () => {
    expect(each.text.match(/^.*\b(the (first )?design\b|design\.md).*$/gim) ?? []).toEqual([]);
  });
});

test("every page is reached from the README", () => {
  const reached = new Set(["README.md"]);
  for (const path of reached) {
    const from = PAGES.find((each) => each.path === path);
    for (const { path: to } of from ? links(from) : []) {
      const index = posix.join(to, "README.md");
      if (NAMES.has(posix.basename(to)) && to.endsWith(".md")) reached.add(to);
      else if (FILES.includes(index)) reached.add(index);
    }
  }
  const pages = PAGES.map(({ path }) => path).filter((path) => !path.startsWith(".github/"));
  expect(pages.filter((path) => !reached.has(path))).toEqual([]);
});

test("every command of package.json is explained in a page", () => {
  const named = new Set(PAGES.flatMap(commands));
  expect(Object.keys(PACKAGE.scripts).filter((name) => !named.has(name))).toEqual([]);
});

test("pictures are described for those who do not see them", () => {
  const pictures = PAGES.flatMap(({ text }) =>
    [...text.matchAll(/<img [^>]*>|!\[[^\]]*\]/g)].map(([tag]) => tag),
  );
  expect(pictures.length).toBeGreaterThan(1);
  expect(pictures.filter((tag) => !/alt="[^"]{20}|^!\[[^\]]{20}/.test(tag))).toEqual([]);
  const drawings = FILES.filter((path) => path.startsWith("docs/") && path.endsWith(".svg"));
  for (const path of drawings) expect(readFileSync(join(ROOT, path), "utf8")).toMatch(/<title .*<desc /s);
});

test("these checks see a link, an anchor, a command and a file that are not there", () => {
  const wrong: Page = {
    path: "docs/wrong.md",
    text: "# Wrong\n[a](gone.md) [b](../README.md#gone) `npm run gone` `commands/gone.ts`\n```sh\nnpm run other\n```\n",
  };
  expect(links(wrong).map(({ path, anchor }) => leads(path, anchor))).toEqual([false, false]);
  expect(commands(wrong)).toEqual(["gone", "other"]);
  expect(namedFiles(wrong).map(exists)).toEqual([false]);
  expect(anchors({ path: "x.md", text: "# A `b` & C\n## Twice\n## Twice\n" })).toEqual([
    "a-b--c",
    "twice",
    "twice-1",
  ]);
});

function leads(path: string, anchor?: string): boolean {
  if (!exists(path)) return false;
  if (anchor === undefined) return true;
  const to = PAGES.find((each) => each.path === path);
  return to !== undefined && anchors(to).includes(anchor);
}

/** The names after `npm run`, in prose and code alike; `npm test` and `npm start` are two of them. */
function commands({ text }: Page): string[] {
  return [
    ...[...text.matchAll(/npm run (?:--silent )?([a-z][a-z:-]*)/g)].map(([, name = ""]) => name),
    ...[...text.matchAll(/npm (test|start)\b/g)].map(([, name = ""]) => name),
  ];
}

/** What looks like a file of this project, in the prose's code: in one of its folders, or the bare name of a source. */
function namedFiles(of: Page): string[] {
  const code = [...prose(of).matchAll(/`([^`\s]+)`/g)].map(([, text = ""]) => text);
  return code.filter((text) => {
    if (/[<>*…${}:=]/.test(text) || text.includes("..")) return false;
    return /^[\w.-]+(\/[\w.-]+)+\/?$/.test(text)
      ? FOLDERS.has(text.split("/")[0] ?? "")
      : /^[\w-]+\.ts$/.test(text);
  });
}

/** True for what is there, and for environment files: people rename and delete those. */
function exists(path: string): boolean {
  if (/^environments\/[\w-]+\.yaml$/.test(path)) return true;
  const plain = path.replace(/\/$/, "");
  return plain.includes("/") || !plain.endsWith(".ts")
    ? plain === "" || FILES.includes(plain)
    : NAMES.has(plain);
}

test("YAML and JSON in pages can be read", async () => {
  const { parseDocument } = await import("yaml");
  const shown = PAGES.flatMap((each) => blocks(each).map((block) => ({ path: each.path, ...block })));
  const data = shown.filter(({ language }) => ["yaml", "json"].includes(language));
  expect(data.length).toBeGreaterThan(4);
  const wrong = data.filter(({ language, text }) =>
    language === "json" ? !isJson(text) : parseDocument(text).errors.length > 0,
  );
  expect(wrong).toEqual([]);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
