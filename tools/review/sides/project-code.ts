import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, relative } from "node:path";
import type { ListedFile } from "./git";
import type { Code } from "./side";

/** What lies in a checkout and is not of it: made, installed, or git's own. */
export const NOT_OF_A_CHECKOUT = [".git", "node_modules", "cdktf.out"];

/** The code in a folder. Nothing of it runs: links are not followed, and git is not asked. */
export function codeOf(folder: string, files: readonly ListedFile[] = everyFile(folder)): Code {
  const marks = files.flatMap(({ path, submodule }): [string, string][] => {
    const mark = submodule ?? markOf(join(folder, path));
    return mark === undefined ? [] : [[path, mark]];
  });
  return new Map(marks);
}

/**
 * The code of a project that is in a checkout of a repository: its own, and what GitHub does with the repository.
 * @param top the checkout's folder
 * @param project the project's, in it
 * @param files of the checkout, from its folder
 */
export function codeOfProject(top: string, project: string, files: readonly ListedFile[]): Code {
  const prefix = relative(top, project);
  const ofProject = files
    .filter(({ path }) => prefix === "" || path.startsWith(`${prefix}/`) || path.startsWith(".github/"))
    .map((file) => ({ ...file, path: relative(prefix, file.path) }));
  return codeOf(project, ofProject);
}

function everyFile(folder: string): ListedFile[] {
  const within = (path: string): ListedFile[] =>
    readdirSync(join(folder, path), { withFileTypes: true })
      .filter(({ name }) => path !== "" || !NOT_OF_A_CHECKOUT.includes(name))
      .flatMap((entry) => {
        const child = path === "" ? entry.name : `${path}/${entry.name}`;
        return entry.isDirectory() ? within(child) : [{ path: child }];
      });
  return within("");
}

/** What stands for a file: what it is, whether it can be run, and a digest of its content. */
function markOf(path: string): string | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return undefined;
  const digest = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");
  if (found.isSymbolicLink()) return `link ${digest(readlinkSync(path))}`;
  if (found.isFile()) return `${found.mode & 0o100 ? "program" : "file"} ${digest(readFileSync(path))}`;
  // A repository within this one, of which git lists the folder alone; or what can hold no code, such as a socket.
  return found.isDirectory() ? "repository" : "other";
}
