import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createAuthority } from "../../lib/certificates";
import { type Laptop, startLaptop } from "../../tools/laptop/laptop";
import type { SignInFiles } from "../../tools/laptop/sign-in-files";
import { stackOf, synthApp } from "../helpers/app";
import { parse, testFile } from "../helpers/environment";
import { testUnless } from "../helpers/skip";

const FOLDER = "examples/clients";
const INSTALL = "run sh examples/clients/install.sh";

/** An example, and why it cannot run on this machine: undefined when it can. */
interface Example {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly missing?: string;
  /** Whether a run of it connects to PGHOST alone, and not to PGHOST_READER as well. @default false */
  readonly oneHost?: true;
  /** Files that docs/clients.md shows. */
  readonly files: readonly string[];
}

const python = join(FOLDER, "python/.venv/bin/python");
const java = join(FOLDER, "java/target");
const EXAMPLES: readonly Example[] = [
  {
    name: "Node.js",
    command: ["node", join(FOLDER, "node/connect.mjs")],
    files: ["node/iam-tokens.mjs", "node/connect.mjs"],
  },
  {
    name: "Python",
    command: [python, join(FOLDER, "python/connect.py")],
    missing: existsSync(python) ? undefined : `boto3 and psycopg are not installed; ${INSTALL}`,
    files: ["python/connect.py"],
  },
  {
    name: "Java",
    command: ["java", "-cp", `${java}/classes:${java}/jars/*`, "Connect"],
    missing: notOnPath("java") ?? (existsSync(join(java, "jars")) ? undefined : `not compiled; ${INSTALL}`),
    files: ["java/src/main/java/IamToken.java", "java/src/main/java/Connect.java"],
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

let laptop: Laptop;
let signIns: ReadonlyMap<string, SignInFiles>;
let foreignCa: string;
/** Where the AWS CLI keeps credentials between its runs. */
let home: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "home-"));
  laptop = await start();
  signIns = await laptop.signInFiles();
  foreignCa = join(home, "foreign-ca.pem");
  writeFileSync(foreignCa, (await createAuthority("Somebody else")).certificate);
}, 120_000);
afterAll(async () => {
  await laptop?.stop();
  rmSync(home, { recursive: true, force: true });
});

describe.each(EXAMPLES)("the $name client", ({ command, missing, oneHost, files }) => {
  testUnless(
    missing,
    "connects as services with nothing but what their pods have, and as people with what they have",
    async () => {
      for (const key of ["orders-api", "message-board-migrations", "on-call"]) {
        const { PGHOST_READER, ...alone } = variables(key);
        const { status, output } = await run(command, alone);
        expect({ output, status }).toEqual({ output: connectedAs(key), status: 0 });
      }
    },
    120_000,
  );

  testUnless(
    missing,
    "connects to the readers as well, and where its pods have no other host to them alone",
    async () => {
      const { PGHOST_READER = "", ...alone } = variables("orders-api");
      const onReader = connectedAs("orders-api").replace("to ", "to a reader of ");
      expect(
        await run(command, oneHost ? { ...alone, PGHOST: PGHOST_READER } : variables("orders-api")),
      ).toEqual({
        output: oneHost ? onReader : `${connectedAs("orders-api")}${onReader}`,
        status: 0,
      });
      expect(await run(command, variables("reporting"))).toEqual({
        output: "connected to a reader of shop as reporting\n",
        status: 0,
      });
    },
    120_000,
  );

  testUnless(
    missing,
    "does not connect as a service whose role it has not",
    async () => {
      const { PGUSER = "" } = variables("billing-worker");
      const { status, output } = await run(command, { ...variables("orders-api"), PGUSER });
      expect(output).toContain(`PAM authentication failed for user "${PGUSER}"`);
      expect(status).not.toBe(0);
    },
    120_000,
  );

  testUnless(
    missing,
    "sends nothing to a server whose certificate it cannot verify",
    async () => {
      const { status, output } = await run(command, { ...variables("orders-api"), PGSSLROOTCERT: foreignCa });
      expect(output).toMatch(/certificate|PKIX path/);
      expect(status).not.toBe(0);
    },
    120_000,
  );

  test("is in docs/clients.md as it is in its file", () => {
    const page = readFileSync("docs/clients.md", "utf8");
    for (const file of files) expect(page).toContain(readFileSync(join(FOLDER, file), "utf8"));
  });
});

testUnless(
  notOnPath("psql") ?? notOnPath("aws"),
  "the AWS CLI takes a role anew for each laptop, though it keeps credentials for an hour",
  async () => {
    const command = EXAMPLES.find(({ name }) => name === "psql")?.command ?? ["false"];
    const first = await run(command, variables("orders-api"));
    expect(first).toEqual({ output: connectedAs("orders-api"), status: 0 });
    const other = await start();
    try {
      const second = (await other.signInFiles()).get("orders-api")?.variables ?? {};
      expect(await run(command, second)).toEqual(first);
    } finally {
      await other.stop();
    }
  },
  120_000,
);

async function start(): Promise<Laptop> {
  const dev = parse(
    testFile("dev")
      .replace("readers: 0", "readers: 1")
      .replace(
        "  people:\n",
        "    reporting: { namespace: shop, endpoint: reader, grants: { shop.orders: read-only } }\n  people:\n",
      ),
  );
  return startLaptop(dev, stackOf(synthApp(dev), "dev-access"), () => undefined);
}

function variables(key: string): Readonly<Record<string, string>> {
  const files = signIns.get(key);
  if (!files) throw new Error(`no identity ${key}`);
  return files.variables;
}

function connectedAs(key: string): string {
  const { PGDATABASE, PGUSER } = variables(key);
  return `connected to ${PGDATABASE} as ${PGUSER}\n`;
}

function run(
  [program, ...args]: Example["command"],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly output: string }> {
  const inherited = {
    PATH: process.env.PATH,
    HOME: home,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  };
  return new Promise((resolve) => {
    execFile(program, args, { env: { ...inherited, ...env } }, (error, stdout, stderr) =>
      resolve({ status: error ? Number(error.code ?? 1) : 0, output: `${stdout}${stderr}` }),
    );
  });
}

function notOnPath(program: string): string | undefined {
  return spawnSync(program, ["--version"]).error ? `${program} is not installed` : undefined;
}
