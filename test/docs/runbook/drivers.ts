import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  type Command,
  FOLDER,
  INSTALL,
  notOnPath,
  python,
  withoutGo,
  withoutPython,
} from "../../examples/programs";
import { run } from "../../helpers/run";

const PROBES = join(__dirname, "clients");
const JARS = join(FOLDER, "java/target/jars");
const GO = join(FOLDER, "go");

/** A driver whose texts the runbook has. */
export interface Driver {
  /** As the runbook's tables call it. */
  readonly name: "psql" | "pg" | "psycopg" | "pgjdbc" | "pgx";
  /** Connects by libpq's variables and runs statements one by one; `rest` waits for a second. */
  readonly command: (statements: readonly string[]) => Command;
  /** Why it cannot run on this machine. @default it can */
  readonly missing?: string | undefined;
}

/** The drivers, each with what connects by it. */
export const DRIVERS: readonly Driver[] = [
  {
    name: "psql",
    command: (statements) => [
      "psql",
      ...["--no-psqlrc", "--no-password", "--set", "ON_ERROR_STOP=1"],
      ...statements.flatMap((each) => ["--command", each === "rest" ? "\\! sleep 1" : each]),
    ],
    missing: notOnPath("psql"),
  },
  { name: "pg", command: (statements) => ["node", join(PROBES, "probe.mjs"), ...statements] },
  {
    name: "psycopg",
    command: (statements) => [python, join(PROBES, "probe.py"), ...statements],
    missing: withoutPython(),
  },
  {
    name: "pgjdbc",
    command: (statements) => ["java", "-cp", `${JARS}/*`, join(PROBES, "Probe.java"), ...statements],
    missing: notOnPath("java") ?? (existsSync(JARS) ? undefined : `not installed; ${INSTALL}`),
  },
  {
    name: "pgx",
    command: (statements) => [join(GO, "target/probe"), ...statements],
    missing: withoutGo(),
  },
];

/** Compiles what connects by pgx, with the modules of its example. */
export function compileProbes(): void {
  if (withoutGo()) return;
  const { status, stderr } = run("go", ["build", "-o", "target/probe", join(PROBES, "probe.go")], {
    cwd: GO,
  });
  if (status !== 0) throw new Error(stderr);
}
