import { existsSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { suggestion } from "../../lib/nearest";
import { LOCK_FILE } from "../../lib/provider-lock";
import { UserError } from "../../lib/user-error";
import { type Loaded, problemsBetween } from "./between";
import type { Environment } from "./environment";
import { parseEnvironment } from "./parse";
import type { Problem } from "./problem";
import { readTextFile, reason, UnusableFile } from "./reading/text-file";

/** Where environment files are when nothing else is said. */
export const DEFAULT_FOLDER = "environments";

/**
 * Loads every environment file of a folder, or the listed files.
 * @param source a folder, or files separated by commas. @default "environments"
 * @param edit what a file is read as saying, such as when it is about to say more. @default what it says
 * @throws UserError with the problems of all files together
 */
export function loadEnvironments(
  source: string = DEFAULT_FOLDER,
  edit: (text: string, file: string) => string = (text) => text,
): Environment[] {
  const loaded: Loaded[] = [];
  const messages: string[] = [];
  for (const file of environmentFiles(source)) {
    try {
      loaded.push({
        file,
        environment: loadEnvironment(file, edit, (each) => problemsBetween(loaded, each)),
      });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      messages.push(...error.messages);
    }
  }
  if (messages.length > 0) throw new UserError([...new Set(messages)]);
  const environments = loaded.map(({ environment }) => environment);
  return environments.sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** Keeps the environments of these names, or all when none is named. Throws UserError for a name that is not there. */
export function chooseEnvironments(
  environments: readonly Environment[],
  names: readonly string[],
): Environment[] {
  const known = environments.map((environment) => environment.name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new UserError(unknown.map((name) => `there is no environment ${name}.${suggestion(name, known)}`));
  }
  return environments.filter(({ name }) => names.length === 0 || names.includes(name));
}

/** The folders that environment files are in, each once: a lock file for Terraform's providers is beside them. */
export function environmentFolders(source: string = DEFAULT_FOLDER): string[] {
  return [...new Set(environmentFiles(source).map(dirname))];
}

/** The environment files of a folder, or those listed, as the user names them. */
export function environmentFiles(source: string = DEFAULT_FOLDER): string[] {
  const listed = source.split(",").map((part) => part.trim().replaceAll("\\", "/"));
  const [folder] = listed;
  if (!folder) throw new UserError(["ENVIRONMENTS is empty; name a folder, or files separated by commas"]);
  if (listed.length > 1 || /\.ya?ml$/.test(folder)) return listed.filter((part) => part !== "");
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    throw new UserError([
      `${folder}: ${reason(error)}; ENVIRONMENTS names a folder, or files separated by commas`,
    ]);
  }
  const files = names.filter((name) => /\.ya?ml$/.test(name)).sort();
  if (files.length === 0) throw new UserError([`${folder}: there is no .yaml file in this folder`]);
  return files.map((name) => `${folder.replace(/\/+$/, "")}/${name}`);
}

function loadEnvironment(
  file: string,
  edit: (text: string, file: string) => string,
  between: (environment: Environment) => readonly Problem[],
): Environment {
  const text = edit(readNamed(file), file);
  const lockFile = join(dirname(file), LOCK_FILE);
  const lock = existsSync(lockFile) && { providerLock: readNamed(lockFile) };
  const readFile = (path: string) => readTextFile(resolve(dirname(file), path));
  const environment = parseEnvironment(text, file, readFile, between);
  const directory = environment.review.folder !== undefined && { directory: dirname(file) };
  return { ...environment, ...directory, ...lock };
}

function readNamed(file: string): string {
  try {
    return readTextFile(file);
  } catch (error) {
    const place = error instanceof UnusableFile && error.place ? `:${error.place}` : "";
    throw new UserError([`${file}${place}: ${reason(error)}`]);
  }
}
