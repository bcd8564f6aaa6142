import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { FOLDER, INSTALL, notOnPath, python, withoutGo, withoutPython } from "./programs";

/** What differs between pools when a login is refused. */
interface Refused {
  /** What it says when its host leads to a server that is read-only. */
  readonly onReader: RegExp;
  /** What becomes of a token that was refused. A program that ends then has nothing to keep it in. */
  readonly refusedToken: "dropped" | "kept" | "ends the program";
}

/** An example of a pool, and a program that works with its connections. */
export interface Framework extends Refused {
  /** As docs/frameworks.md calls it. */
  readonly name: string;
  /** The example, in examples/clients. */
  readonly file: string;
  /** Reads lines, each a number, and lets so many connections work at once: see test/examples/drivers. */
  readonly driver: readonly [string, ...string[]];
  /** Why it cannot run on this machine: undefined when it can. */
  readonly missing: string | undefined;
}

const DRIVERS = "test/examples/drivers";
const go = join(FOLDER, "go");

/** @param needs what must be installed */
function inNode(name: string, file: `node/${string}`, needs: string, refused: Refused): Framework {
  const installed = existsSync(join(FOLDER, "node/node_modules", needs));
  return {
    name,
    file,
    driver: ["node", join(DRIVERS, "driver.mjs"), join(FOLDER, file)],
    missing: installed ? undefined : `${needs} is not installed; ${INSTALL}`,
    ...refused,
  };
}

function inPython(name: string, file: `python/${string}`, onReader: RegExp): Framework {
  // A program that comes with one of them: pip installs all or none.
  const installed = existsSync(join(FOLDER, "python/.venv/bin/django-admin"));
  return {
    name,
    file,
    driver: [python, join(DRIVERS, "driver.py"), join(FOLDER, file)],
    missing:
      withoutPython() ?? (installed ? undefined : `frameworks-locked.txt is not installed; ${INSTALL}`),
    onReader,
    refusedToken: "dropped",
  };
}

const java = join(FOLDER, "java/frameworks/target");
const CLASSES = `${java}/classes:${java}/jars/*`;
const withoutJava = () =>
  notOnPath("javac") ?? (existsSync(join(java, "jars")) ? undefined : `not compiled; ${INSTALL}`);

function inJava(name: string, example: string): Framework {
  const file = `java/frameworks/src/main/java/${example}.java`;
  return {
    name,
    file,
    driver: ["java", "-cp", CLASSES, "Driver", example],
    missing: withoutJava(),
    onReader: /targetServerType: primary/,
    refusedToken: "dropped",
  };
}

/** Every example of docs/frameworks.md. */
export const FRAMEWORKS: readonly Framework[] = [
  {
    name: "pgx",
    file: "go/pool.go",
    driver: [join(go, "target/driver")],
    missing: withoutGo(),
    onReader: /read only connection/,
    refusedToken: "dropped",
  },
  inNode("node-postgres", "node/writer-pool.mjs", "pg", {
    onReader: /the server is read-only/,
    refusedToken: "dropped",
  }),
  inNode("Knex", "node/knex.mjs", "knex", { onReader: /the server is read-only/, refusedToken: "dropped" }),
  inNode("TypeORM", "node/typeorm.mjs", "typeorm", {
    onReader: /the server is read-only/,
    refusedToken: "ends the program",
  }),
  inNode("Prisma", "node/prisma.mjs", ".prisma/client", {
    onReader: /the server is read-only/,
    refusedToken: "dropped",
  }),
  inNode("postgres.js", "node/postgres.mjs", "postgres", {
    onReader: /CONNECTION_DESTROYED/,
    refusedToken: "kept",
  }),
  inPython("psycopg_pool", "python/pool.py", /session is read-only/),
  inPython("SQLAlchemy", "python/engine.py", /session is read-only/),
  inPython("Django", "python/django_settings.py", /session is read-only/),
  inPython("asyncpg", "python/asyncpg_pool.py", /TargetServerAttributeNotMatched/),
  inJava("Spring Boot", "Application"),
  inJava("AWS JDBC wrapper", "AwsWrapper"),
];

/**
 * Builds the drivers of languages that are compiled, where they can be: in Go, of the example but for its main.go; in Java, beside
 * the examples' classes.
 */
export function buildDrivers(): void {
  if (withoutGo() === undefined) {
    const overlay = { Replace: { [resolve(go, "main.go")]: resolve(DRIVERS, "main.go") } };
    writeFileSync(join(go, "target/overlay.json"), JSON.stringify(overlay));
    build(go, "go", "build", "-overlay", "target/overlay.json", "-o", "target/driver", ".");
  }
  if (withoutJava() === undefined) {
    build(".", "javac", "-cp", CLASSES, "-d", join(java, "classes"), join(DRIVERS, "Driver.java"));
  }
}

function build(cwd: string, program: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}
