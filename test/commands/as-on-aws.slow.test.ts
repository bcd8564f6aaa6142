import { existsSync } from "node:fs";
import { connect, createServer } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { Client } from "pg";
import { createAuthority, issueCertificate } from "../../lib/certificates";
import { type LoopbackServer, listenOnLoopback } from "../../lib/loopback";
import { accessPlan } from "../../model/access/plan";
import { startGateway } from "../../tools/laptop/gateway/gateway";
import { type EmbeddedServer, startServer } from "../../tools/postgres/embedded-server";
import type { Listener } from "../../tools/protocol/listener";
import { MINIMAL, parse } from "../helpers/environment";
import { run } from "../helpers/run";
import { testUnless } from "../helpers/skip";
import { type Behaviour, StandIn } from "../tools/deployed/stand-in-aws";
import { DATABASE, dbuser, TestIam } from "../tools/laptop/gateway/fixture";

const ENDPOINT = "test.cluster-abc.eu-west-1.rds.amazonaws.com";
/** Tokens are for port 5432, so that is where the gateway listens; nothing else does at this address of loopback. */
const ADDRESS = "127.0.54.32";
const PEOPLE = `  people:
    audit: { principals: ["arn:aws:iam::123456789012:role/Audit"], grants: { shop.orders: read-only } }
    on-call:
      principals: ["arn:aws:iam::123456789012:role/OnCall"]
      members: [anna, ben]
      grants: { shop.orders: read-only }
`;
const FILE = `${MINIMAL}${PEOPLE}backend: { bucket: state, region: eu-central-1 }\n`;
const STATE = JSON.stringify({
  version: 4,
  outputs: {
    "writer-endpoint": { value: ENDPOINT },
    "reader-endpoint": { value: ENDPOINT.replace("cluster-", "cluster-ro-") },
    "bastion-instance-id": { value: "i-0123456789abcdef0" },
  },
});
const DENIED =
  "An error occurred (AccessDenied) when calling the AssumeRole operation: User: x is not authorized to perform: sts:AssumeRole";
const NO_PSQL = run("psql", ["--version"]).status === 0 ? undefined : "no psql on this machine";
const NO_ADDRESS = process.platform === "linux" ? undefined : `this machine has no ${ADDRESS}`;

const iam = new TestIam();
let server: EmbeddedServer;
let gateway: Listener;
let forwarded: LoopbackServer | undefined;
let ca: string;
let behaviour: Behaviour;
let standIn: StandIn;

beforeAll(async () => {
  const authority = await createAuthority();
  ca = authority.certificate;
  if (NO_ADDRESS === undefined) {
    server = await startServer({ socketOnly: true });
    await server.apply(accessPlan(parse(FILE)));
    gateway = await startGateway({
      certificate: await issueCertificate(authority, [ENDPOINT]),
      database: DATABASE,
      upstream: server,
      iam,
      log: () => undefined,
      host: ENDPOINT,
      address: ADDRESS,
      port: 5432,
    });
    // What the bastion reaches is at 127.0.0.1.
    forwarded = await listenOnLoopback(
      createServer((client) => {
        const remote = connect(5432, ADDRESS);
        for (const [from, to] of [
          [client, remote],
          [remote, client],
        ] as const) {
          from.on("error", () => to.destroy());
          from.pipe(to);
        }
      }),
    );
  }
  const session = iam.credentials("on_call_anna", {
    roleArn: "arn:aws:iam::123456789012:role/test-db-on-call",
  });
  iam.grants.set("arn:aws:iam::123456789012:role/test-db-on-call", dbuser("on_call_anna"));
  behaviour = {
    account: "123456789012",
    objects: { "s3://state/test-database/terraform.tfstate": STATE },
    session: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: session.expiration.toISOString(),
    },
    reachable: { [`${ENDPOINT}:5432`]: forwarded?.port ?? 0 },
  };
}, 60_000);
afterAll(async () => {
  await forwarded?.close();
  await gateway?.stop();
  await server?.stop();
});
beforeEach(() => {
  standIn = new StandIn(FILE.replace("access:", "database: { caBundle: ca.pem }\naccess:"), behaviour);
  standIn.write("ca.pem", ca);
});
afterEach(() => standIn.remove());

/** Runs it to its end, with credentials of its user's. */
async function as(...args: readonly string[]) {
  const running = standIn.run("as", args, {
    AWS_PROFILE: "mine",
    AWS_ACCESS_KEY_ID: "AKIAMINE",
    PGHOST: "mine",
    PGOPTIONS: "-c mine=1",
    PATH: `${standIn.bin}:/usr/bin:/bin`,
  });
  const status = await running.exit;
  return { status, stdout: running.stdout(), stderr: running.stderr() };
}
const PRINT = [process.execPath, "-e", "console.log(JSON.stringify(process.env))"];
const variablesIn = (text: string): Record<string, string> =>
  Object.fromEntries(Object.entries<string>(JSON.parse(text)).filter(([name]) => /^(AWS_|PG)/.test(name)));

describe("as an identity on AWS", () => {
  testUnless(
    NO_ADDRESS,
    "a command has what its role takes, a token that the database takes, and nothing of the caller's",
    async () => {
      const { status, stdout, stderr } = await as("on-call", "--env", "test", ...PRINT);
      expect([status, stderr]).toEqual([0, ""]);
      const { PGPASSWORD, PGSSLROOTCERT = "", ...variables } = variablesIn(stdout);
      expect(Object.keys(variables).sort()).toEqual([
        ...["AWS_ACCESS_KEY_ID", "AWS_CREDENTIAL_EXPIRATION", "AWS_REGION"],
        ...["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"],
        ...["PGDATABASE", "PGHOST", "PGHOST_READER", "PGPORT", "PGSSLMODE", "PGUSER"],
      ]);
      expect(variables).toMatchObject({ PGHOST: ENDPOINT, PGPORT: "5432", PGUSER: "on_call_anna" });
      const ssl = { ca, servername: ENDPOINT };
      const how = { host: ADDRESS, port: 5432, user: "on_call_anna", database: "shop", ssl };
      const client = new Client({ ...how, password: PGPASSWORD });
      await client.connect();
      await client.end();
      // The file with the certificates is gone with the command.
      expect(PGSSLROOTCERT).toMatch(/\/as-\w+\/ca\.pem$/);
      expect(existsSync(PGSSLROOTCERT)).toBe(false);
    },
    60_000,
  );

  testUnless(
    NO_ADDRESS ?? NO_PSQL,
    "through the bastion psql logs in by a port of this machine, and knows neither token nor role's end",
    async () => {
      const sql = "select session_user, current_database()";
      const { status, stdout, stderr } = await as(
        "on-call",
        "--env",
        "test",
        "--tunnel",
        "psql",
        "-XAtc",
        sql,
      );
      expect([status, stdout]).toEqual([0, "on_call_anna|shop\n"]);
      expect(stderr).toBe("opening the tunnel through i-0123456789abcdef0 …\n");
      expect(standIn.running()).toEqual([]);
    },
    60_000,
  );

  testUnless(
    NO_ADDRESS,
    "through the bastion the small prompt does the same, and a command still has its role's credentials",
    async () => {
      const prompt = await as(
        "on-call",
        "--env",
        "test",
        "--tunnel",
        "--sql",
        "-c",
        "select session_user as who",
      );
      expect([prompt.status, prompt.stdout]).toEqual([0, "who\n────────────\non_call_anna\n(1 row)\n\n"]);
      const { stdout } = await as("on-call", "--tunnel", "--env", "test", ...PRINT);
      expect(variablesIn(stdout)).toMatchObject({
        PGHOST: "127.0.0.1",
        AWS_SESSION_TOKEN: expect.any(String),
      });
      expect(stdout).not.toMatch(/AKIAMINE|X-Amz-Signature/);
      expect(standIn.running()).toEqual([]);
    },
    60_000,
  );

  testUnless(
    NO_ADDRESS,
    "a shell is told until when its credentials are good",
    async () => {
      standIn.write("shell", "#!/bin/sh\necho shell\n");
      run("chmod", ["755", `${standIn.folder}/shell`]);
      const running = standIn.run("as", ["on-call", "--env", "test"], { SHELL: `${standIn.folder}/shell` });
      expect(await running.exit).toBe(0);
      expect(running.stderr()).toMatch(
        /^You are on_call_anna in shop, test on AWS\. PGPASSWORD is good for new logins until \d\d:\d\d, the credentials of its role until \d\d:\d\d\. exit leaves\.\n$/,
      );
    },
    60_000,
  );

  test.each<[string, readonly string[], Behaviour, RegExp]>([
    [
      "a role that is refused",
      ["audit", "--env", "test", ...PRINT],
      { errors: { "sts assume-role": DENIED } },
      /^AWS does not let arn:aws:sts::123456789012:assumed-role\/OnCall\/anna take the IAM role test-db-audit of audit: An error occurred .*; it trusts arn:aws:iam::123456789012:role\/Audit; AWS_PROFILE chooses another sign-in\n$/,
    ],
    [
      "a service's role",
      ["orders-api", "--env", "test", ...PRINT],
      {},
      /^the IAM role test-db-orders-api is for what runs as orders-api and trusts no person/,
    ],
    [
      "a database that is not deployed",
      ["audit", "--env", "test", ...PRINT],
      { objects: {} },
      /^test-database is not deployed/,
    ],
  ])(
    "%s is one sentence, and nothing runs",
    async (_, args, different, sentence) => {
      standIn.behave({ ...behaviour, ...different });
      const { status, stdout, stderr } = await as(...args);
      expect([status, stdout]).toEqual([1, ""]);
      expect(stderr).toMatch(sentence);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(standIn.running()).toEqual([]);
    },
    120_000,
  );
});
