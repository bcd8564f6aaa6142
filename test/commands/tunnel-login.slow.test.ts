import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { Client } from "pg";
import { createAuthority, issueCertificate } from "../../lib/certificates";
import { listenOnLoopback } from "../../lib/loopback";
import { accessPlan } from "../../model/access/plan";
import { startGateway } from "../../tools/laptop/gateway/gateway";
import { type EmbeddedServer, startServer } from "../../tools/postgres/embedded-server";
import type { Listener } from "../../tools/protocol/listener";
import { MINIMAL, parse } from "../helpers/environment";
import { run } from "../helpers/run";
import { testUnless } from "../helpers/skip";
import {
  type Behaviour,
  freePorts,
  isFree,
  StandIn,
  type TunnelProcess,
} from "../tools/deployed/stand-in-aws";
import { DATABASE, TestIam } from "../tools/laptop/gateway/fixture";

const [WRITER, READER, PROXY] = ["cluster-abc", "cluster-ro-abc", "proxy-abc"].map(
  (name) => `test.${name}.eu-west-1.rds.amazonaws.com`,
) as [string, string, string];
const PEOPLE = `  people:
    on-call:
      principals: ["arn:aws:iam::123456789012:role/OnCall"]
      grants: { shop.orders: read-only }
`;
const DEPLOYMENTS = `    deployments:
      principals: ["arn:aws:iam::123456789012:role/Deploy"]
      grants: { shop.orders: read-only }
  people:`;
const NETWORK =
  "network: { existing: { vpcId: vpc-0000000a, privateSubnetIds: [subnet-0000000a, subnet-0000000b], databaseSubnetIds: [subnet-0000000c, subnet-0000000d] } }\n";

const PSQL = run("sh", ["-c", "command -v psql"]).stdout.trim();

let server: EmbeddedServer;
let gateways: Listener[];
let ca: string;
let behaviour: Behaviour;
let standIn: StandIn;
let port: number;
const iam = new TestIam();
const log: string[] = [];

beforeAll(async () => {
  server = await startServer({ socketOnly: true });
  await server.apply(accessPlan(parse(`${MINIMAL}${PEOPLE}`)));
  const authority = await createAuthority();
  ca = authority.certificate;
  // A token is for host and port, so that here the database has the port of its gateway.
  const gateway = async (host: string, at?: { readonly port: number; readonly address: string }) =>
    startGateway({
      host,
      ...at,
      certificate: await issueCertificate(authority, [host]),
      database: DATABASE,
      upstream: server,
      iam,
      log: (line) => log.push(line),
    });
  const writer = await gateway(WRITER);
  gateways = [writer, await gateway(READER, { port: writer.port, address: "127.0.0.2" })];
}, 60_000);
afterAll(async () => {
  for (const each of gateways ?? []) await each.stop();
  await server?.stop();
});
beforeEach(async () => {
  log.length = 0;
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = iam.credentials("on_call");
  const { port: at = 0 } = gateways[0] ?? {};
  const value = (text: string) => ({ value: text, type: "string" });
  const outputs = {
    "writer-endpoint": value(WRITER),
    "reader-endpoint": value(READER),
    "bastion-instance-id": value("i-0123456789abcdef0"),
    "proxy-endpoint": value(PROXY),
  };
  behaviour = {
    account: "123456789012",
    session: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: expiration.toISOString(),
    },
    reachable: { [`${WRITER}:${at}`]: at, [`${READER}:${at}`]: { port: at, host: "127.0.0.2" } },
  };
  standIn = new StandIn("", behaviour);
  standIn.write("ca.pem", ca);
  standIn.write("terraform.test-database.tfstate", JSON.stringify({ version: 4, outputs }));
  environment();
  port = await freePorts();
});
afterEach(() => standIn.remove());

/** Writes the environment file; the Kubernetes API is public, so that the tunnel is about the database alone. */
function environment(change: (text: string) => string = (text) => text, database = ""): void {
  const [writer] = gateways;
  standIn.write(
    "environment.yaml",
    change(
      `${MINIMAL}${PEOPLE}${NETWORK}cluster: { publicAccessCidrs: [203.0.113.0/24] }
database: { existing: { cluster: shop, port: ${writer?.port} }, bastion: true, caBundle: ca.pem${database} }\n`,
    ),
  );
}

async function open(...args: readonly string[]): Promise<TunnelProcess> {
  const tunnel = standIn.tunnel("test", "--port", String(port), ...args);
  await tunnel.until("The tunnel is open");
  return tunnel;
}

const secretOf = ({ stdout }: TunnelProcess) => /until this ends: (\w+)$/m.exec(stdout())?.[1] ?? "";

/** Who somebody is by the port that logs in. */
async function whoami(password: string, at = port + 3): Promise<string> {
  const client = new Client({ host: "127.0.0.1", port: at, user: "on_call", database: "shop", password });
  client.on("error", () => undefined);
  await client.connect();
  const { rows } = await client.query("SELECT session_user AS me, current_setting('is_superuser') AS super");
  await client.end();
  return `${rows[0].me} ${rows[0].super}`;
}

describe("npm run tunnel -- <environment> --as <identity>", () => {
  test("has a port that logs in, beside those it has anyway, and says what to tell a tool", async () => {
    const tunnel = await open("--as", "on-call");
    expect(tunnel.stdout()).toContain(`  export ALL_PROXY=socks5://127.0.0.1:${port}\n`);
    expect(tunnel.stdout()).toContain(
      `  host 127.0.0.1, port ${port + 3}, database shop, user on_call, no SSL\n`,
    );
    expect(await whoami(secretOf(tunnel))).toBe("on_call off");
    await expect(whoami("wrong")).rejects.toThrow('password authentication failed for user "on_call"');
    await tunnel.until("refused on_call from 127.0.0.1");
    expect([await isFree(port + 1), await isFree(port + 2), await isFree(port + 4)]).toEqual([
      false,
      true,
      true,
    ]);
    const calls = standIn.calls().map(({ args }) => args.slice(0, 2).join(" "));
    expect(calls).toContain("sts assume-role");
  }, 60_000);

  test("keeps the secret to its terminal: it is in no process list, no log, and only once on the screen", async () => {
    const tunnel = await open("--as", "on-call");
    const secret = secretOf(tunnel);
    await whoami(secret);
    await whoami("wrong").catch(() => undefined);
    await tunnel.until("refused on_call");
    expect(secret).toMatch(/^[0-9a-f]{32}$/);
    expect((tunnel.stdout() + tunnel.stderr()).split(secret)).toHaveLength(2);
    expect(
      [log.join(), JSON.stringify(standIn.calls()), JSON.stringify(standIn.calls("plugin"))].join(),
    ).not.toContain(secret);
    const commandLine = readFileSync(`/proc/${tunnel.child.pid}/cmdline`, "utf8");
    expect(commandLine).not.toContain(secret);
    const again = standIn.tunnel("test", "--port", String(port + 10), "--as", "on-call");
    await again.until("The tunnel is open");
    expect(secretOf(again)).not.toBe(secret);
  }, 60_000);

  test("leads to readers as well, by their own name, at the port after it", async () => {
    const tunnel = await open("--as", "on-call", "--readers");
    expect(tunnel.stdout()).toContain(
      `The readers, ${READER}, are on port ${port + 4}, with the same password.\n`,
    );
    expect(await whoami(secretOf(tunnel), port + 4)).toBe("on_call off");
    expect(await whoami(secretOf(tunnel))).toBe("on_call off");
  }, 60_000);

  test("an identity that connects to readers has those at its port", async () => {
    environment((text) => text.replace("on-call:\n", "on-call:\n      endpoint: reader\n"));
    const tunnel = await open("--as", "on-call");
    expect(tunnel.stdout()).toContain(`verified for ${READER}.`);
    expect(await whoami(secretOf(tunnel))).toBe("on_call off");
    const refused = standIn.tunnel("test", "--port", String(port + 10), "--as", "on-call", "--readers");
    await refused.until(
      `on-call connects to ${READER} and has no other endpoint for readers; leave out --readers`,
    );
    expect(await refused.exit).toBe(1);
  }, 60_000);

  test("a session that is cut off on the way is replaced for the next login", async () => {
    const tunnel = await open("--as", "on-call");
    const [session] = standIn.calls("plugin");
    process.kill(session?.pid ?? 0, "SIGKILL");
    await tunnel.until("database: the session ended");
    expect(await whoami(secretOf(tunnel))).toBe("on_call off");
  }, 60_000);

  test("a command logs in by itself, and has nothing of the caller's", async () => {
    const code = `
      const { Client } = require(${JSON.stringify(join(process.cwd(), "node_modules/pg"))});
      const client = new Client();
      client.connect().then(async () => {
        const { rows } = await client.query("SELECT session_user AS me");
        console.log(rows[0].me, process.env.PGSSLMODE, process.env.ALL_PROXY, process.env.AWS_ACCESS_KEY_ID, process.env.PGOPTIONS);
        await client.end();
        process.exit(3);
      })`;
    const tunnel = standIn.tunnel(
      "test",
      "--port",
      String(port),
      "--as",
      "on-call",
      "--",
      process.execPath,
      "-e",
      code,
    );
    expect([await tunnel.exit, tunnel.stdout()]).toEqual([
      3,
      "on_call disable undefined undefined undefined\n",
    ]);
    expect(standIn.running()).toEqual([]);
  }, 60_000);

  testUnless(
    PSQL === "" ? "psql is not installed" : undefined,
    "psql as a command needs no option",
    async () => {
      const tunnel = standIn.tunnel(
        "test",
        "--port",
        String(port),
        "--as",
        "on-call",
        "--",
        PSQL,
        "-XAtc",
        "SELECT session_user",
      );
      expect([await tunnel.exit, tunnel.stdout()]).toEqual([0, "on_call\n"]);
    },
    60_000,
  );

  test.each<[string, () => void, readonly string[], string]>([
    [
      "an identity that there is none of",
      () => undefined,
      ["--as", "on-cal"],
      'test has no identity "on-cal". Did you mean "on-call"?',
    ],
    [
      "a role that AWS does not give",
      () =>
        standIn.behave({
          ...behaviour,
          errors: {
            "sts assume-role": "An error occurred (AccessDenied) when calling the AssumeRole operation: no",
          },
        }),
      ["--as", "on-call"],
      "test-db-on-call",
    ],
    [
      "an identity that connects through an RDS Proxy",
      () => environment((text) => text.replace("  people:", DEPLOYMENTS), ", proxy: {}"),
      ["--as", "deployments"],
      `deployments connects to ${PROXY}, an RDS Proxy, which the bastion does not lead to`,
    ],
    ["a service", () => undefined, ["--as", "orders-api"], "orders-api"],
    [
      "the last ports that there are",
      () => undefined,
      ["--as", "on-call", "--port", "65533"],
      "--port must be a whole number from 1 to 65532, got: 65533",
    ],
    ["no value", () => undefined, ["--as"], "--as needs a value."],
  ])(
    "with %s says so and opens nothing",
    async (_, prepare, args, said) => {
      prepare();
      const tunnel = standIn.tunnel("test", "--port", String(port), ...args);
      await tunnel.until(said);
      expect(await tunnel.exit).toBe(1);
      expect(tunnel.stderr()).not.toMatch(/^\s+at /m);
      expect(standIn.calls("plugin")).toEqual([]);
    },
    60_000,
  );

  test.each([3, 4])(
    "says how to choose others when port + %d is taken, before a session is opened",
    async (more) => {
      const taken = await listenOnLoopback(createServer(), { port: port + more });
      const tunnel = standIn.tunnel("test", "--port", String(port), "--as", "on-call", "--readers");
      await tunnel.until(
        `port ${port + more} is in use, perhaps by another run of this command; end that, or choose another with --port`,
      );
      expect(await tunnel.exit).toBe(1);
      expect(standIn.calls("plugin")).toEqual([]);
      await taken.close();
    },
    60_000,
  );
});
