import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Client } from "pg";
import { accessPlan } from "../../model/access/plan";
import { SUPERUSER } from "../../model/postgresql/names";
import { type EmbeddedServer, startServer } from "../../tools/postgres/embedded-server";
import { MINIMAL, parse } from "../helpers/environment";
import { eventually } from "../helpers/eventually";
import { type Behaviour, StandIn } from "../tools/deployed/stand-in-aws";

const CLUSTER: Behaviour = {
  account: "123456789012",
  rds: {
    "describe-db-clusters": {
      DBClusters: [{ DBClusterMembers: [{ DBInstanceIdentifier: "test-1", IsClusterWriter: true }] }],
    },
    "describe-db-instances": { DBInstances: [] },
  },
};

let server: EmbeddedServer;
let superuser: Client;
let standIn: StandIn;
beforeAll(async () => {
  server = await startServer();
  await server.apply(accessPlan(parse()));
  superuser = await server.connect({ user: SUPERUSER });
}, 60_000);
afterAll(async () => {
  await superuser?.end();
  await server?.stop();
});
beforeEach(async () => {
  standIn = new StandIn(MINIMAL, CLUSTER);
  await superuser.query("ALTER ROLE orders_api LOGIN");
});
afterEach(() => standIn.remove());

const mayLogIn = async () =>
  (await superuser.query("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'orders_api'")).rows[0]
    .rolcanlogin;

/** Runs the command to its end; no output of it is ever a stack trace, or holds the admin's password. */
async function lockOut(args: readonly string[], changes: Readonly<Record<string, string>> = {}) {
  const { PGHOST = "localhost", ...more } = changes;
  const command = standIn.run("lock-out", args, {
    ...{
      PGHOST,
      PGPORT: String(server.port),
      PGPASSWORD: server.adminPassword,
      PGSSLROOTCERT: server.caFile,
    },
    ...more,
  });
  const status = await command.exit;
  const [stdout, stderr] = [command.stdout(), command.stderr()];
  expect(stdout + stderr).not.toMatch(/^\s+at /m);
  expect(stdout + stderr).not.toContain(server.adminPassword);
  return { status, stdout, stderr };
}

describe("npm run lock-out", () => {
  test("only says what it would do: it asks nobody anything, and connects to nothing", async () => {
    const { status, stdout, stderr } = await lockOut(["test", "orders-api"], { PGHOST: "nowhere.invalid" });
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(
      /^To lock out orders-api, of test:\n\n1\. IAM: test-db-orders-api: nobody connects/,
    );
    expect(stdout).toMatch(/\nNothing was done\. With --run it is\.\n$/);
    expect(standIn.calls()).toEqual([]);
    expect(await mayLogIn()).toBe(true);
  }, 60_000);

  test("with --run it does it, says what came of each step, and exits 0", async () => {
    const open = await server.connect({ user: "orders_api", database: "shop" });
    const ended = new Promise((resolve) => open.once("error", resolve));
    const { status, stdout, stderr } = await lockOut(["test", "orders-api", "--run"]);
    expect([status, stderr]).toEqual([0, ""]);
    await ended;
    expect(stdout).toMatch(
      /^1\. IAM: .*\n {3}the policy locked-out is on the role\n2\. IAM: .*\n {3}the policy AWSRevokeOlderSessions is on the role\n3\. PostgreSQL: .*\n {3}orders_api: done\n4\. PostgreSQL: .*\n {3}1 ended, and none came back\n5\. .*\n {3}it has none\n6\. .*\n {3}no database user of it may log in, and nobody else acts as one\n\norders-api is locked out\.\n\nWhat remains:\n- /,
    );
    expect(await mayLogIn()).toBe(false);
    const put = standIn.calls().filter(({ args }) => args[1] === "put-role-policy");
    expect(put.map(({ args }) => args.slice(2, -1))).toEqual(
      ["locked-out", "AWSRevokeOlderSessions"].map((name) => [
        ...["--role-name", "test-db-orders-api", "--policy-name", name, "--region", "eu-west-1"],
        "--policy-document",
      ]),
    );
    const [, revoke] = put.map(({ args }) => JSON.parse(String(args.at(-1))));
    const before = Date.parse(revoke.Statement[0].Condition.DateLessThan["aws:TokenIssueTime"]);
    expect(Math.abs(before - Date.now())).toBeLessThan(300_000);
  }, 60_000);

  test("in place of one that was interrupted it does the rest", async () => {
    standIn.behave({ ...CLUSTER, errors: { iam: "An error occurred (AccessDenied): no" } });
    const command = standIn.run("lock-out", ["test", "orders-api", "--run"], { PGHOST: "nowhere.invalid" });
    await command.until("1. IAM");
    command.child.kill("SIGINT");
    await command.exit;
    expect(await mayLogIn()).toBe(true);
    standIn.behave(CLUSTER);
    expect((await lockOut(["test", "orders-api", "--run"])).status).toBe(0);
    expect(await mayLogIn()).toBe(false);
  }, 60_000);

  test("two at once come to the same", async () => {
    const both = await Promise.all([1, 2].map(() => lockOut(["test", "orders-api", "--run"])));
    // PostgreSQL may tell one of them that the other is changing the role at this moment.
    expect(both.map(({ status }) => status)).toContain(0);
    expect(await mayLogIn()).toBe(false);
  }, 60_000);

  test("without the AWS CLI PostgreSQL keeps it out all the same, and it exits 1", async () => {
    standIn.uninstall("aws");
    const { status, stdout } = await lockOut(["test", "orders-api", "--run"]);
    expect(status).toBe(1);
    expect(stdout).toContain("   failed: the AWS CLI is not installed: there is no command aws;");
    expect(stdout).toContain("Not all is done: steps 1, 2, 5 failed.");
    expect(await mayLogIn()).toBe(false);
  }, 60_000);

  test("without a way to the database IAM keeps it out all the same, and it exits 1", async () => {
    const { status, stdout } = await lockOut(["test", "orders-api", "--run"], { PGHOST: "" });
    expect(status).toBe(1);
    expect(stdout).toContain(
      "   failed: test-database is not deployed (there is no terraform.test-database.tfstate here); run `npx cdktf deploy test-database` first\n   failed: or set PGHOST to the writer's endpoint\n",
    );
    expect(stdout).toContain("Not all is done: steps 3, 4, 6 failed.");
    expect(standIn.calls().filter(({ args }) => args[1] === "put-role-policy")).toHaveLength(2);
  }, 60_000);

  test("finds the writer by the state of the database's stack, and is the admin, unless it is told otherwise", async () => {
    const host = "test.cluster-abc.eu-west-1.rds.amazonaws.com";
    const state = { version: 4, outputs: { "writer-endpoint": { value: host, type: "string" } } };
    standIn.write("terraform.test-database.tfstate", JSON.stringify(state));
    const { stdout } = await lockOut(["test", "orders-api", "--run"], { PGHOST: "", PGCONNECT_TIMEOUT: "5" });
    expect(stdout).toContain(host);
    const wrong = await lockOut(["test", "orders-api", "--run"], { PGPASSWORD: "not this" });
    expect(wrong.stdout).toContain("refuses the password of postgres; set PGPASSWORD to the present one");
    const other = await lockOut(["test", "orders-api", "--run"], {
      PGPASSWORD: "not this",
      PGUSER: "somebody",
    });
    expect(other.stdout).toContain("the password of somebody");
  }, 60_000);

  test("a login that is not the admin's changes nothing, and is told what it may not", async () => {
    await superuser.query("ALTER ROLE postgres NOCREATEROLE");
    const { status, stdout } = await lockOut(["test", "orders-api", "--run"]);
    await superuser.query("ALTER ROLE postgres CREATEROLE");
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /\n {3}failed: orders_api: localhost:\d+ refuses, in the database postgres: permission denied/,
    );
    expect(await mayLogIn()).toBe(true);
  }, 60_000);

  test("lets it in again, and leaves its old sessions in AWS revoked", async () => {
    await lockOut(["test", "orders-api", "--run"]);
    const { status, stdout } = await lockOut(["test", "orders-api", "--undo", "--run"]);
    expect(status).toBe(0);
    expect(stdout).toContain("\norders-api is let in again.\n");
    expect(stdout).toContain("stay revoked by the policy AWSRevokeOlderSessions");
    await eventually(mayLogIn);
    const deleted = standIn.calls().filter(({ args }) => args[1] === "delete-role-policy");
    expect(deleted.map(({ args }) => args[5])).toEqual(["locked-out"]);
  }, 60_000);

  test.each<[string, string[], string]>([
    ["no name", [], "Name one environment and one identity.\nUsage: npm run lock-out"],
    ["no identity", ["test"], "Name one environment and one identity.\nUsage:"],
    ["two identities", ["test", "a", "b"], "Name one environment and one identity.\nUsage:"],
    [
      "an identity that is not there",
      ["test", "orders-apo", "--run"],
      'test has no identity "orders-apo". Did you mean "orders-api"?',
    ],
    ["an option that is not there", ["test", "orders-api", "--now"], 'There is no option "--now".'],
  ])(
    "%s is one message and exit code 1, and nothing is done",
    async (_, args, message) => {
      const { status, stdout, stderr } = await lockOut(args);
      expect([status, stdout]).toEqual([1, ""]);
      expect(stderr.startsWith(message)).toBe(true);
      expect(standIn.calls()).toEqual([]);
      expect(await mayLogIn()).toBe(true);
    },
    60_000,
  );
});
