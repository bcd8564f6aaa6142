import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Where the examples are. */
export const FOLDER = "examples/clients";
export const INSTALL = "run sh examples/clients/install.sh";

/** An example of a client, and why it cannot run on this machine: undefined when it can. */
export interface Client {
  readonly name: string;
  readonly command: Command;
  readonly missing?: string;
  /** Whether a run of it connects to PGHOST alone, and not to PGHOST_READER as well. @default false */
  readonly oneHost?: true;
  /** Files that docs/clients.md shows; it shows none of those that docs/frameworks.md names. */
  readonly files: readonly string[];
}

/** Python with what the examples need. */
export const python = join(FOLDER, "python/.venv/bin/python");
const java = join(FOLDER, "java/target");
/** The examples of clients, one for each language. */
export const CLIENTS: readonly Client[] = [
  {
    name: "Node.js",
    command: ["node", join(FOLDER, "node/connect.mjs")],
    files: ["node/iam-tokens.mjs", "node/pool.mjs", "node/connect.mjs"],
  },
  {
    name: "Python",
    command: [python, join(FOLDER, "python/connect.py")],
    missing: withoutPython(),
    files: ["python/iam_tokens.py", "python/connect.py"],
  },
  {
    name: "Java",
    command: ["java", "-cp", `${java}/classes:${java}/jars/*`, "Connect"],
    missing: notOnPath("java") ?? (existsSync(join(java, "jars")) ? undefined : `not compiled; ${INSTALL}`),
    files: ["java/src/main/java/IamToken.java", "java/src/main/java/Connect.java"],
  },
  {
    name: "Go",
    command: [join(FOLDER, "go/target/connect")],
    missing: withoutGo(),
    files: [],
  },
  {
    name: "psql",
    command: [
      "sh",
      join(FOLDER, "psql/connect.sh"),
      "-AtXc",
      "SELECT 'connected to ' || CASE WHEN pg_is_in_recovery() THEN 'a reader of ' ELSE '' END || current_database() || ' as ' || session_user",
    ],
    missing: notOnPath("psql") ?? notOnPath("aws"),
    oneHost: true,
    files: ["psql/connect.sh"],
  },
];

/** A program's arguments, the program first. */
export type Command = readonly [string, ...string[]];

/** Runs a program with nothing of this process's environment but where programs are, and a home of its own. */
export function run(
  [program, ...args]: Command,
  env: Readonly<Record<string, string>>,
  home: string,
): Promise<{ readonly status: number; readonly output: string }> {
  return new Promise((resolve) => {
    execFile(program, args, { env: { ...inherited(home), ...env } }, (error, stdout, stderr) =>
      resolve({ status: error ? Number(error.code ?? 1) : 0, output: `${stdout}${stderr}` }),
    );
  });
}

/** What every program has of this machine: where programs are, and where the AWS CLI keeps credentials between its runs. */
export function inherited(home: string): Readonly<Record<string, string>> {
  return {
    PATH: process.env.PATH ?? "",
    HOME: home,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  };
}

/** Why Python's examples cannot run here: undefined when they can. */
export function withoutPython(): string | undefined {
  return existsSync(python) ? undefined : `boto3 and psycopg are not installed; ${INSTALL}`;
}

/** Why Go's examples cannot run here: undefined when they can. */
export function withoutGo(): string | undefined {
  return notOnPath("go") ?? (existsSync(join(FOLDER, "go/target")) ? undefined : `not compiled; ${INSTALL}`);
}

/** Why a program cannot run here: undefined when it can. */
export function notOnPath(program: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.some((folder) => existsSync(join(folder, program)))
    ? undefined
    : `${program} is not installed`;
}
