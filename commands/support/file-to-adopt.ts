import { readFileSync } from "node:fs";
import { isMap, parseDocument } from "yaml";
import type { Environment } from "../../model/config/environment";
import { chooseEnvironments, environmentFiles, loadEnvironments } from "../../model/config/load";

/** An environment whose file may say nothing of `access` yet, which every other command wants. */
export interface FileToAdopt {
  /** Where it is, as the user named it. */
  readonly path: string;
  readonly hasAccess: boolean;
  /** All that it says besides, as data. */
  readonly rest: Readonly<Record<string, unknown>>;
  /** The environment, with nobody in it where the file has no `access`. */
  readonly environment: Environment;
}

/** What stands in for `access` while the rest of the file is checked. */
const STAND_IN = "access: { databases: { nothing: [nothing] } }\n";

/**
 * Reads the file of an environment, and says everything that is wrong with it but that it has no `access`.
 * @param source a folder, or files separated by commas. @default "environments"
 * @throws UserError also for what is wrong in any other environment file
 */
export function fileToAdopt(name: string, source?: string): FileToAdopt {
  const found = environmentFiles(source).flatMap((path) => {
    const data = topLevel(path);
    return data?.name === name ? [{ path, data }] : [];
  });
  const [file] = found;
  const { access, ...rest } = file?.data ?? {};
  // An empty one is an error like any other.
  const hasAccess = file === undefined || Object.hasOwn(file.data, "access");
  const environments = loadEnvironments(source, (text, path) =>
    path === file?.path && !hasAccess ? withSection(text, STAND_IN) : text,
  );
  const [environment] = chooseEnvironments(environments, [name]);
  if (!environment || !file) throw new Error(`${name} was read and has no file.`);
  return { path: file.path, hasAccess, rest, environment };
}

/**
 * The environment as its file says with one more section.
 * @throws UserError with what is wrong with it
 */
export function environmentWith(section: string, file: FileToAdopt, source?: string): Environment {
  const environments = loadEnvironments(source, (text, path) =>
    path === file.path ? withSection(text, section) : text,
  );
  const [environment] = chooseEnvironments(environments, [file.environment.name]);
  return environment ?? file.environment;
}

/** The text of a file with one more section at its end: all that was there stays as it is, to the byte. */
export function withSection(text: string, section: string): string {
  return `${text}${text.endsWith("\n") ? "" : "\n"}\n${section}`;
}

/** The keys of a file and their values; undefined when it is none, which loading says. */
function topLevel(path: string): Record<string, unknown> | undefined {
  try {
    const document = parseDocument(readFileSync(path, "utf8"));
    return isMap(document.contents) ? document.toJS() : undefined;
  } catch {
    return undefined;
  }
}
