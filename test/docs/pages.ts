import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { ROOT } from "../helpers/run";

/** A Markdown page of the project. */
export interface Page {
  /** Path from the project's root, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** A fenced block of code, as a page shows it. */
export interface Block {
  /** What follows the fence, such as `yaml`; empty when nothing does. */
  readonly language: string;
  readonly text: string;
}

/** Every file of the project by its path from the root, what is installed or made aside. */
export const FILES: readonly string[] = readdirSync(ROOT, { withFileTypes: true })
  .filter(({ name }) => ![".git", "node_modules", "cdktf.out"].includes(name))
  .flatMap((entry) => {
    if (!entry.isDirectory()) return [entry.name];
    return readdirSync(join(ROOT, entry.name), { recursive: true, encoding: "utf8" })
      .map((name) => posix.join(entry.name, name.replaceAll("\\", "/")))
      .concat(entry.name);
  });

/** Every page, and the templates that GitHub shows as pages; not the reports that are written for environments. */
export const PAGES: readonly Page[] = FILES.filter(
  (path) => path.endsWith(".md") && !/^environments\/|(^|\/)(\.venv|target|node_modules)\//.test(path),
).map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));

/** A page by its path. Throws when there is none. */
export function page(path: string): Page {
  const found = PAGES.find((each) => each.path === path);
  if (!found) throw new Error(`there is no page ${path}`);
  return found;
}

/** The code blocks of a page, less the indent of those in lists. */
export function blocks({ text }: Page): Block[] {
  return [...text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm)].map(
    ([, indent = "", language = "", code = ""]) => ({
      language,
      text: code.replace(new RegExp(`^${indent}`, "gm"), ""),
    }),
  );
}

/** A page without its code blocks: what is read as prose. */
export function prose({ text }: Page): string {
  return text.replace(/^( *)```\w*\n[\s\S]*?^\1```$/gm, "");
}

/** Where a page's links lead that stay in the project: the file, from the root, and the heading in it. */
export function links(from: Page): { readonly path: string; readonly anchor?: string }[] {
  const written = prose(from).replace(/`[^`\n]*`/g, "``");
  const targets = [
    ...[...written.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target),
    ...[...written.matchAll(/(?:src|href|srcset)="([^"]+)"/g)].map(([, target = ""]) => target),
  ];
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = "", anchor] = target.split("#");
      const file = path === "" ? from.path : posix.join(dirname(from.path), path).replace(/\/$/, "");
      return { path: file, ...(anchor !== undefined && { anchor }) };
    });
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchors(of: Page): string[] {
  const found: string[] = [];
  for (const [, heading = ""] of prose(of).matchAll(/^#+ (.+)$/gm)) {
    const anchor = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-");
    const twins = found.filter((each) => each === anchor || each.replace(/-\d+$/, "") === anchor).length;
    found.push(twins === 0 ? anchor : `${anchor}-${twins}`);
  }
  return found;
}
