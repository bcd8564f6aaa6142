import { spawn } from "node:child_process";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { accessPlan } from "../../model/access/plan";
import { type Laptop, startLaptop } from "../../tools/laptop/laptop";
import { type EmbeddedServer, startServer } from "../../tools/postgres/embedded-server";
import { layersOf } from "../helpers/app";
import { MINIMAL, parse, testEnvironment, testFile } from "../helpers/environment";
import { ROOT } from "../helpers/run";
import { StandIn } from "../tools/deployed/stand-in-aws";

/** What somebody who works with AWS and PostgreSQL has, and what must lead nobody elsewhere. */
const MINE = {
  AWS_ACCESS_KEY_ID: "AKIAMINE",
  AWS_SECRET_ACCESS_KEY: "mine",
  PGHOST: "mine.example.com",
  PGPORT: "1",
  PGUSER: "mine",
  PGPASSWORD: "mine",
  PGDATABASE: "mine",
  PGSSLMODE: "disable",
  PGSSLROOTCERT: "/mine.pem",
  ALL_PROXY: "socks5://127.0.0.1:1",
};

describe("npm run verify -- dev --as <identity> --laptop", () => {
  // The project that started the laptop, which is not that of other tests.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "verify-as-")));
  let laptop: Laptop;
  beforeAll(async () => {
    const environment = testEnvironment("dev");
    laptop = await startLaptop(environment, layersOf(environment), () => undefined);
    await laptop.announce(folder);
  }, 120_000);
  afterAll(async () => {
    await laptop?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The laptop is in this process: it has to go on meanwhile. */
  async function verify(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const file = join(ROOT, "commands/verify.ts");
    const child = spawn(process.execPath, [join(ROOT, "run.js"), file, ...args], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        ENVIRONMENTS: join(ROOT, "test/environments"),
        ...MINE,
        ...env,
      },
    });
    const text = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].on("data", (chunk) => {
        text[stream] += chunk;
      });
    }
    const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
    expect(text.stderr).not.toMatch(/^\s+at /m);
    return { status, ...text };
  }

  const onLaptop = (as: string, ...more: readonly string[]) => ["dev", "--as", as, "--laptop", ...more];

  /** Runs something while PUBLIC may read a table, which no file says. */
  async function withDrift<Result>(run: () => Promise<Result>): Promise<Result> {
    const owner = await (await laptop.logInAs("orders-migrations"))();
    try {
      await owner.query("CREATE TABLE orders.drift (); GRANT SELECT ON orders.drift TO PUBLIC");
      return await run();
    } finally {
      await owner.query("DROP TABLE orders.drift");
      await owner.end();
    }
  }

  const DRIFT = {
    kind: "extra",
    topic: "grant",
    subject: "table shop.orders.drift",
    detail: "PUBLIC has SELECT",
  };

  /** dev, which accepts that until then; the file is where the result says. */
  function accepting(until: string): Readonly<Record<string, string>> {
    const accepted = [{ ...DRIFT, owner: "orders team", reason: "OPS-1234", until }];
    const file = join(folder, "dev.yaml");
    writeFileSync(file, `${testFile("dev")}verify: { accepted: ${JSON.stringify(accepted)} }\n`);
    return { ENVIRONMENTS: file };
  }

  test("people see that all is as planned, whatever variables of their own they have", async () => {
    const { status, stdout, stderr } = await verify(onLaptop("on-call"));
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^dev\.yaml against localhost:\d+, PostgreSQL 17\.\d+, read as on_call\n/);
    expect(stdout.endsWith("\nThe database is as planned.\n")).toBe(true);
  }, 60_000);

  test("drift is exit code 2, in every format, and written as a whole where --out says", async () => {
    const out = join(folder, "out", "deeper");
    const { status, stdout, stderr } = await withDrift(() =>
      verify(onLaptop("on-call", "--format", "text,markdown,json,prometheus", "--out", out)),
    );
    expect([status, stderr]).toEqual([2, ""]);
    expect(stdout).toContain(
      "\nextra\n  table shop.orders.drift PUBLIC has SELECT\n    fix (in the database shop): ",
    );
    expect(readdirSync(out).sort()).toEqual([
      "verify-dev.json",
      "verify-dev.md",
      "verify-dev.prom",
      "verify-dev.txt",
    ]);
    const file = (extension: string) => readFileSync(join(out, `verify-dev.${extension}`), "utf8");
    expect(file("txt")).toBe(stdout);
    expect(file("md")).toContain("- **extra** `table shop.orders.drift` PUBLIC has SELECT\n");
    expect(JSON.parse(file("json")).findings).toEqual([expect.objectContaining(DRIFT)]);
    expect(file("prom")).toContain(
      '\npostgresql_access_findings{environment="dev",topic="grant",kind="extra"} 1\n',
    );
    expect(file("prom").endsWith("\n")).toBe(true);
  }, 60_000);

  test("drift that the file accepts is exit code 0, and 2 again once that has ended", async () => {
    const [accepted, ended] = await withDrift(async () => [
      await verify(onLaptop("on-call"), accepting("2099-12-31")),
      await verify(onLaptop("on-call", "--json"), accepting("2001-12-31")),
    ]);
    expect([accepted?.status, accepted?.stderr]).toEqual([0, ""]);
    expect(accepted?.stdout).toContain(
      "accepted\n  extra: table shop.orders.drift PUBLIC has SELECT\n    accepted through 2099-12-31 (UTC), by orders team: OPS-1234\n",
    );
    expect(ended?.status).toBe(2);
    expect(ended?.stderr).toContain(
      "and counts again: mend it and take this out, or say a later end [acceptance-ended]\n",
    );
    const { findings } = JSON.parse(ended?.stdout ?? "");
    expect(findings).toEqual([expect.objectContaining({ ...DRIFT, acceptance: expect.anything() })]);
  }, 60_000);

  test("what is accepted and mended is said, and is no difference", async () => {
    const { status, stdout } = await verify(onLaptop("on-call"), accepting("2099-12-31"));
    expect(status).toBe(0);
    expect(stdout).toContain(
      "\naccepted and no longer found: take these out of verify.accepted\n  extra: table shop.orders.drift PUBLIC has SELECT (orders team)\n",
    );
  }, 60_000);

  test.each<[string, readonly string[], string]>([
    [
      "a service that may not look into every database",
      onLaptop("orders-api"),
      "orders_api may not connect to the database board, or nobody may, and whoever verifies looks into all of the plan's; by the plan that is on_call and the admin postgres\n",
    ],
    [
      "an identity that is not there",
      onLaptop("on-cal"),
      'dev has no identity "on-cal". Did you mean "on-call"?\n',
    ],
    [
      "a laptop that does not run",
      ["prod", "--as", "on-call", "--laptop"],
      "no laptop of prod runs; start one in another terminal: npm start -- prod\n",
    ],
    [
      "an identity that connects to the readers",
      ["everywhere", "--as", "nightly-report", "--laptop"],
      "nightly-report connects through the RDS Proxy, and only the writer itself knows",
    ],
    ["a laptop and nobody", ["dev", "--laptop"], "--laptop needs --as, an identity to log in as.\nUsage: "],
    [
      "a laptop on AWS",
      onLaptop("on-call", "--tunnel"),
      "--tunnel leads to AWS, and --laptop does not; give one of them.\nUsage: ",
    ],
    [
      "two formats at once",
      onLaptop("on-call", "--json", "--format", "text"),
      "--json is --format json; give one of them.\nUsage: ",
    ],
    ["a format that is none", onLaptop("on-call", "--format", "yaml"), 'There is no format "yaml" here.'],
    [
      "several formats and no folder",
      onLaptop("on-call", "--format", "text,json"),
      "Several formats need --out",
    ],
    [
      "neither a login nor a folder for the numbers",
      onLaptop("on-cal", "--format", "prometheus", "--out", "/dev/null/x"),
      'dev has no identity "on-cal". Did you mean "on-call"?\n/dev/null/x/verify-dev.prom cannot be written (ENOTDIR): --out names a folder\n',
    ],
    [
      "a folder that cannot be",
      onLaptop("on-call", "--out", "/dev/null/x"),
      "/dev/null/x/verify-dev.txt cannot be written (ENOTDIR): --out names a folder\n",
    ],
  ])(
    "%s is exit code 1 and says what to do",
    async (_, args, message) => {
      const { status, stdout, stderr } = await verify(args);
      expect([status, stdout]).toEqual([1, ""]);
      expect(stderr.startsWith(message)).toBe(true);
    },
    60_000,
  );

  test("two at once do not disturb each other, nor leave half a file", async () => {
    const out = join(folder, "together");
    const both = await withDrift(() =>
      Promise.all([1, 2].map(() => verify(onLaptop("on-call", "--format", "prometheus", "--out", out)))),
    );
    expect(both.map(({ status }) => status)).toEqual([2, 2]);
    expect(readdirSync(out)).toEqual(["verify-dev.prom"]);
  }, 60_000);

  test("a connection that is cut is exit code 1, and the numbers say that nobody could look and when somebody last could", async () => {
    const out = join(folder, "cut");
    const prometheus = onLaptop("on-call", "--format", "prometheus", "--out", out);
    const metrics = () => readFileSync(join(out, "verify-dev.prom"), "utf8");
    await verify(prometheus);
    expect(readdirSync(out)).toEqual(["verify-dev.prom"]);
    const [last] = /^.*last_success_timestamp_seconds\{.*$/m.exec(metrics()) ?? [];
    const session = await (await laptop.logInAs("on-call"))();
    let ended = 0;
    for (;;) {
      let going = true;
      const run = verify(prometheus).finally(() => {
        going = false;
      });
      while (going && ended === 0) {
        const { rowCount } = await session.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'verify' AND usename = current_user",
        );
        ended = rowCount ?? 0;
      }
      const { status, stderr } = await run;
      expect([0, 1]).toContain(status);
      // It may be over before it is noticed.
      if (ended === 0) continue;
      expect(status).toBe(1);
      expect(stderr).toMatch(/^localhost:\d+ ended the connection/);
      break;
    }
    await session.end();
    expect(
      metrics()
        .split("\n")
        .filter((line) => !line.startsWith("#")),
    ).toEqual(['postgresql_access_verification_success{environment="dev"} 0', last, ""]);
  }, 120_000);
});

describe("npm run verify -- test --as <identity> --tunnel", () => {
  const SESSION = {
    AccessKeyId: "ASIA1",
    SecretAccessKey: "secret",
    SessionToken: "token",
    Expiration: "2099-01-01T00:00:00Z",
  };
  const ENDPOINT = "test.cluster-abc.eu-west-1.rds.amazonaws.com";
  const BASTION = "i-0123456789abcdef0";
  const FILE = `${MINIMAL}  people:
    on-call:
      principals: ["arn:aws:iam::123456789012:role/OnCall"]
      grants: { shop.billing: read-only, shop.orders: read-only }
database: { caBundle: ca.pem, readers: 0 }
`;
  const outputs = { "writer-endpoint": ENDPOINT, "bastion-instance-id": BASTION };
  const STATE = JSON.stringify({
    version: 4,
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, value]) => [name, { value, type: "string" }]),
    ),
  });
  const folder = mkdtempSync(join(tmpdir(), "verify-tunnel-"));
  let server: EmbeddedServer;
  let standIn: StandIn;
  beforeAll(async () => {
    const access = join(folder, "pg_hba.conf");
    // What a token is worth the laptop's gateway knows, above.
    writeFileSync(
      access,
      "local all all trust\nhostssl all on_call 127.0.0.1/32 trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n",
    );
    chmodSync(folder, 0o755);
    server = await startServer({ hostNames: [ENDPOINT], settings: { hba_file: access } });
    await server.apply(accessPlan(parse(FILE.replace("database: { caBundle: ca.pem, readers: 0 }\n", ""))));
  }, 60_000);
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    standIn = new StandIn(FILE, {
      account: "123456789012",
      session: SESSION,
      reachable: { [`${ENDPOINT}:5432`]: server.port },
    });
    standIn.write("ca.pem", server.ca);
    standIn.write("terraform.test-database.tfstate", STATE);
  });
  afterEach(() => standIn.remove());

  test("finds the endpoint by the state, takes the role, goes through the bastion, and leaves nothing of it", async () => {
    const run = standIn.run("verify", ["test", "--as", "on-call", "--tunnel"], MINE);
    expect(await run.exit).toBe(0);
    expect(run.stdout()).toMatch(
      new RegExp(`^environment\\.yaml against ${ENDPOINT}:5432, PostgreSQL 17\\.\\d+, read as on_call\n`),
    );
    expect(run.stdout()).toContain("The database is as planned.");
    expect(run.stderr()).toBe(`opening the tunnel through ${BASTION} …\n`);
    const calls = standIn.calls().map(({ args }) => args.slice(0, 2).join(" "));
    expect(calls.filter((call) => call === "ssm start-session")).toHaveLength(1);
    expect(calls).toContain("sts assume-role");
    await standIn.gone();
  }, 60_000);

  test("a destination of another name is refused by its certificate, which is the database's own", async () => {
    const other = ENDPOINT.replace("abc", "other");
    standIn.write("terraform.test-database.tfstate", STATE.replace(ENDPOINT, other));
    standIn.behave({
      account: "123456789012",
      session: SESSION,
      reachable: { [`${other}:5432`]: server.port },
    });
    const run = standIn.run("verify", ["test", "--as", "on-call", "--tunnel"]);
    expect(await run.exit).toBe(1);
    expect(run.stderr()).toContain(
      `not for ${other}; that is the endpoint in the state of test-database; see what the bastion reaches\n`,
    );
    await standIn.gone();
  }, 60_000);

  test("a database that is not deployed is exit code 1, and so is an endpoint that only its network reaches", async () => {
    const direct = standIn.run("verify", ["test", "--as", "on-call"], { PGCONNECT_TIMEOUT: "1" });
    expect(await direct.exit).toBe(1);
    expect(direct.stderr()).toMatch(
      /; that is the endpoint in the state of test-database, which only its network reaches: run this there, or with --tunnel\n$/,
    );
    rmSync(join(standIn.folder, "terraform.test-database.tfstate"));
    const undeployed = standIn.run("verify", ["test", "--as", "on-call", "--tunnel"]);
    expect(await undeployed.exit).toBe(1);
    expect(undeployed.stderr()).toContain("run `npx cdktf deploy test-database` first\n");
  }, 60_000);

  test("Ctrl-C while it opens ends it, and the session with it", async () => {
    standIn.behave({
      account: "123456789012",
      session: SESSION,
      silent: true,
    });
    const run = standIn.run("verify", ["test", "--as", "on-call", "--tunnel"]);
    while (standIn.calls("plugin").length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    run.child.kill("SIGINT");
    expect(await run.exit).toBe(130);
    expect(run.stdout()).toBe("");
    await standIn.gone();
  }, 60_000);
});
