import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { type Laptop, startLaptop } from "../../tools/laptop/laptop";
import { layersOf } from "../helpers/app";
import { testEnvironment } from "../helpers/environment";
import { testUnless } from "../helpers/skip";
import { ExecutionEnvironment } from "./execution-environment";
import { FOLDER, inherited, python, withoutPython } from "./programs";

/** A function, and a program that plays its runtime. */
interface Function {
  readonly name: string;
  readonly missing?: string;
  readonly command: readonly [string, ...string[]];
  readonly file: string;
}

const FUNCTIONS: readonly Function[] = [
  {
    name: "Node.js",
    command: [
      "node",
      "--input-type=module",
      "--eval",
      `import { createInterface } from "node:readline";
       const { handler } = await import(${JSON.stringify(join(process.cwd(), FOLDER, "node/lambda.mjs"))});
       const now = Date.now;
       let later = 0;
       Date.now = () => now() + later * 1000;
       for await (const seconds of createInterface({ input: process.stdin })) {
         later += Number(seconds);
         console.log(JSON.stringify(await handler({}).catch((error) => ({ error: error.message }))));
       }`,
    ],
    file: "node/lambda.mjs",
  },
  {
    name: "Python",
    missing: withoutPython(),
    command: [
      python,
      "-c",
      `import json, sys, time
sys.path.insert(0, ${JSON.stringify(join(FOLDER, "python"))})
now, later = time.time, 0
time.time = lambda: now() + later
from lambda_function import handler
for line in sys.stdin:
    later += int(line)
    try:
        answer = handler({}, None)
    except Exception as error:
        answer = {"error": str(error)}
    print(json.dumps(answer), flush=True)`,
    ],
    file: "python/lambda_function.py",
  },
];

/** Whose role the functions have. */
const KEY = "orders-api";

let laptop: Laptop;
let home: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "home-"));
  const dev = testEnvironment("dev");
  laptop = await startLaptop(dev, layersOf(dev), () => undefined);
}, 120_000);
afterAll(async () => {
  await laptop?.stop();
  rmSync(home, { recursive: true, force: true });
});

describe.each(FUNCTIONS)("a Lambda function in $name", ({ command, missing, file }) => {
  const environments: ExecutionEnvironment[] = [];
  afterEach(() => {
    for (const environment of environments.splice(0)) environment.end();
  });
  async function started(changed: Readonly<Record<string, string>> = {}): Promise<ExecutionEnvironment> {
    const { variables } = (await laptop.signInFiles()).get(KEY) ?? {};
    const environment = new ExecutionEnvironment(command, { ...inherited(home), ...variables, ...changed });
    environments.push(environment);
    return environment;
  }

  testUnless(
    missing,
    "logs in once for all its invocations",
    async () => {
      const environment = await started();
      const first = await environment.invoke();
      expect(first).toEqual({ user: "orders_api", database: "shop", session: expect.any(Number) });
      expect([await environment.invoke(), await environment.invoke(30)]).toEqual([first, first]);
    },
    60_000,
  );

  testUnless(
    missing,
    "has a connection of its own for each execution environment, and no more",
    async () => {
      const [one, other] = [await started(), await started()];
      const sessions = [await one.invoke(), await other.invoke(), await one.invoke(), await other.invoke()];
      expect(new Set(sessions.map(({ session }) => session)).size).toBe(2);
    },
    60_000,
  );

  testUnless(
    missing,
    "takes another connection after a rest, and does not keep the one it had",
    async () => {
      const environment = await started();
      const { session } = await environment.invoke();
      const { session: other } = await environment.invoke(61);
      expect(other).not.toBe(session);
      expect(await environment.invoke(59)).toMatchObject({ session: other });
      const client = await (await laptop.logInAs(KEY))();
      const { rows } = await client.query("SELECT pid FROM pg_stat_activity WHERE pid = $1", [session]);
      await client.end();
      expect(rows).toEqual([]);
    },
    60_000,
  );

  testUnless(
    missing,
    "answers when its connection was ended while it was frozen",
    async () => {
      const environment = await started();
      const { session } = await environment.invoke();
      environment.freeze();
      await terminate(session);
      const answer = environment.invoke(61);
      environment.thaw();
      expect(await answer).toEqual({ user: "orders_api", database: "shop", session: expect.any(Number) });
    },
    60_000,
  );

  testUnless(
    missing,
    "says so each time that its login is refused",
    async () => {
      const environment = await started({ PGUSER: "billing_worker" });
      const refused = {
        error: expect.stringContaining('PAM authentication failed for user "billing_worker"'),
      };
      expect([await environment.invoke(), await environment.invoke()]).toEqual([refused, refused]);
    },
    60_000,
  );

  test("is in docs/clients.md as it is in its file", () => {
    expect(readFileSync("docs/clients.md", "utf8")).toContain(readFileSync(join(FOLDER, file), "utf8"));
  });
});

/** Ends a session, as a failover does. */
async function terminate(session: number | undefined): Promise<void> {
  const client = await (await laptop.logInAs(KEY))();
  await client.query("SELECT pg_terminate_backend($1)", [session]);
  await client.end();
}
