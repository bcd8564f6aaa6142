import { spawn, spawnSync } from "node:child_process";
import { createServer } from "node:https";
import { createServer as createTcpServer } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { Client } from "pg";
import { SocksClient } from "socks";
import { createAuthority, issueCertificate } from "../../lib/certificates";
import { type LoopbackServer, listenOnLoopback } from "../../lib/loopback";
import { accessPlan } from "../../model/access/plan";
import { type EmbeddedServer, startServer } from "../../tools/postgres/embedded-server";
import { MINIMAL, parse } from "../helpers/environment";
import { ROOT } from "../helpers/run";
import { testUnless } from "../helpers/skip";
import {
  type Behaviour,
  freePorts,
  isFree,
  isRunning,
  StandIn,
  type TunnelProcess,
} from "../tools/deployed/stand-in-aws";

const ENDPOINT = "test.cluster-abc.eu-west-1.rds.amazonaws.com";
const KUBERNETES = "0123456789abcdef.gr7.eu-west-1.eks.amazonaws.com";
const BASTION = "i-0123456789abcdef0";
const ENVIRONMENT = `${MINIMAL}backend: { bucket: state, region: eu-central-1 }\n`;

const state = (outputs: Readonly<Record<string, string>>) =>
  JSON.stringify({
    version: 4,
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, value]) => [name, { value, type: "string" }]),
    ),
  });
const DATABASE_STATE = state({ "writer-endpoint": ENDPOINT, "bastion-instance-id": BASTION });
const EKS_STATE = state({ "kubernetes-endpoint": `https://${KUBERNETES.toUpperCase()}` });
const OBJECTS = {
  "s3://state/test-database/terraform.tfstate": DATABASE_STATE,
  "s3://state/test-eks/terraform.tfstate": EKS_STATE,
};

const lacks = (command: string, reason: string) =>
  spawnSync(command, ["--version"]).error ? reason : undefined;
const NO_CURL = lacks("curl", "no curl on this machine");
const NO_PSQL = lacks("psql", "no psql on this machine");

let server: EmbeddedServer;
let kubernetes: LoopbackServer;
let kubernetesCa: string;
let behaviour: Behaviour;
let standIn: StandIn;
let port: number;

beforeAll(async () => {
  server = await startServer({ hostNames: [ENDPOINT] });
  await server.apply(accessPlan(parse()));
  const authority = await createAuthority();
  const { certificate: cert, key } = await issueCertificate(authority, [KUBERNETES]);
  kubernetesCa = authority.certificate;
  kubernetes = await listenOnLoopback(
    createServer({ cert, key }, (request, response) => response.end(`hello ${request.headers.host}`)),
  );
  behaviour = {
    account: "123456789012",
    objects: OBJECTS,
    reachable: {
      [`${ENDPOINT}:5432`]: server.port,
      [`${KUBERNETES}:443`]: kubernetes.port,
    },
  };
}, 60_000);
afterAll(async () => {
  await kubernetes?.close();
  await server?.stop();
});
beforeEach(async () => {
  standIn = new StandIn(ENVIRONMENT, behaviour);
  port = await freePorts();
});
afterEach(() => standIn.remove());

/** Starts a tunnel and waits until it is open. */
async function open(...args: readonly string[]): Promise<TunnelProcess> {
  const tunnel = standIn.tunnel("test", "--port", String(port), ...args);
  await tunnel.until("The tunnel is open");
  return tunnel;
}

/** A connection through the proxy. */
const through = async (host: string, to: number) =>
  (
    await SocksClient.createConnection({
      proxy: { host: "127.0.0.1", port, type: 5 },
      command: "connect",
      destination: { host, port: to },
    })
  ).socket;

/** The admin's session through the tunnel, with the certificate verified for the real endpoint. */
async function login(): Promise<Client> {
  const socket = await through(ENDPOINT, 5432);
  const client = new Client({
    host: ENDPOINT,
    port: 5432,
    user: "postgres",
    database: "postgres",
    password: server.adminPassword,
    ssl: { ca: server.ca },
    stream: () =>
      Object.assign(socket, {
        connect: () => {
          process.nextTick(() => socket.emit("connect"));
          return socket;
        },
      }),
  });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

describe("npm run tunnel", () => {
  test("leads to the database under its real name, with TLS verified", async () => {
    const tunnel = await open();
    const client = await login();
    const { rows } = await client.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
    expect(rows).toEqual([{ ssl: true }]);
    await client.end();
    expect(tunnel.stderr()).toBe(`opening the tunnel through ${BASTION} …\n`);
  }, 60_000);

  test("says what to export, and how psql and kubectl get through", async () => {
    const { stdout } = await open();
    expect(stdout()).toContain(`  export ALL_PROXY=socks5://127.0.0.1:${port}\n`);
    expect(stdout()).toContain(`  export KUBE_PROXY_URL=socks5://127.0.0.1:${port}\n`);
    expect(stdout()).toContain("  export PGOPTIONS='-c search_path= -c lock_timeout=60s'\n");
    expect(stdout()).toContain(
      `psql "host=${ENDPOINT} hostaddr=127.0.0.1 port=${port + 1} sslmode=verify-full`,
    );
    expect(stdout()).toContain(
      `aws eks update-kubeconfig --name test --region eu-west-1 --proxy-url socks5://127.0.0.1:${port}\n`,
    );
  }, 60_000);

  test("leads to the readers as well when it is asked to, under their name and at a port of their own", async () => {
    const readers = ENDPOINT.replace(".cluster-", ".cluster-ro-");
    const outputs = JSON.parse(DATABASE_STATE);
    outputs.outputs["reader-endpoint"] = { value: readers, type: "string" };
    const withReaders: Behaviour = {
      ...behaviour,
      objects: { ...OBJECTS, "s3://state/test-database/terraform.tfstate": JSON.stringify(outputs) },
      reachable: { ...behaviour.reachable, [`${readers}:5432`]: server.port },
    };
    await standIn.remove();
    standIn = new StandIn(ENVIRONMENT, withReaders);
    const { stdout } = await open("--readers");
    expect(stdout()).toContain(
      `psql "host=${readers} hostaddr=127.0.0.1 port=${port + 2} sslmode=verify-full`,
    );
    (await through(readers, 5432)).destroy();
    expect(await isFree(port + 2)).toBe(false);
  }, 60_000);

  test("does not lead to readers unasked, and refuses where there are none", async () => {
    await open();
    await expect(through(ENDPOINT.replace(".cluster-", ".cluster-ro-"), 5432)).rejects.toThrow(/NotAllowed/);
    standIn.write("environment.yaml", `${ENVIRONMENT}database: { readers: 0 }\n`);
    const refused = standIn.tunnel("test", "--port", String(port + 10), "--readers");
    await refused.until("database.readers is 0, so there are none; leave out --readers");
  }, 60_000);

  test("asks the right account and region, the state of the right stacks, and forwards one port for each endpoint", async () => {
    await open();
    const calls = standIn.calls().map(({ args }) => args.join(" "));
    const session = (host: string, to: number) =>
      `ssm start-session --target ${BASTION} --region eu-west-1 --document-name AWS-StartPortForwardingSessionToRemoteHost --parameters {"host":["${host}"],"portNumber":["${to}"],"localPortNumber":["0"]}`;
    expect(calls.sort()).toEqual(
      [
        "sts get-caller-identity --region eu-west-1 --output json",
        "s3 cp s3://state/test-database/terraform.tfstate - --region eu-central-1",
        "s3 cp s3://state/test-eks/terraform.tfstate - --region eu-central-1",
        session(ENDPOINT, 5432),
        session(KUBERNETES, 443),
      ].sort(),
    );
  }, 60_000);

  test("reads local state where the environment has no backend, and leaves a public Kubernetes API alone", async () => {
    standIn.write("environment.yaml", `${MINIMAL}cluster: { publicAccessCidrs: [203.0.113.0/24] }\n`);
    standIn.write("terraform.test-database.tfstate", DATABASE_STATE);
    const { stdout } = await open();
    await (await login()).end();
    expect(stdout()).not.toContain("KUBE_PROXY_URL");
    await expect(through(KUBERNETES, 443)).rejects.toThrow(/NotAllowed/);
  }, 60_000);

  test("npm run verify reads the live database through it", async () => {
    await open();
    const env = {
      ...process.env,
      ENVIRONMENTS: join(standIn.folder, "environment.yaml"),
      ALL_PROXY: `socks5://127.0.0.1:${port}`,
      PGHOST: ENDPOINT,
      PGPASSWORD: server.adminPassword,
      PGSSLROOTCERT: server.caFile,
    };
    const { status, stdout, stderr } = spawnSync(process.execPath, ["run.js", "commands/verify.ts", "test"], {
      cwd: ROOT,
      env,
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(`against ${ENDPOINT}:5432`);
    expect(stdout).toContain("The database is as planned.");
  }, 60_000);

  testUnless(
    NO_CURL,
    "curl reaches the Kubernetes API by its name, and nothing else",
    async () => {
      const tunnel = await open();
      standIn.write("kubernetes-ca.pem", kubernetesCa);
      const curl = (...args: readonly string[]) =>
        spawnAsync("curl", ["-sS", "--cacert", join(standIn.folder, "kubernetes-ca.pem"), ...args]);
      const proxy = `127.0.0.1:${port}`;
      expect(await curl("--socks5-hostname", proxy, `https://${KUBERNETES}/`)).toEqual({
        status: 0,
        stdout: `hello ${KUBERNETES}`,
      });
      for (const [url, said] of [
        ["https://example.com/", "example.com:443 is no destination of this tunnel\n"],
        [`https://${KUBERNETES}:6443/`, `${KUBERNETES}:6443 is no destination of this tunnel\n`],
        [
          "http://169.254.169.254/latest/meta-data/",
          "169.254.169.254:80 is no destination of this tunnel; addresses",
        ],
      ] as const) {
        expect(await curl("--socks5-hostname", proxy, url)).toEqual({ status: 97, stdout: "" });
        await tunnel.until(`refused a client: ${said}`);
      }
      // 4: SOCKS4a is refused; curl gives up.
      expect((await curl("--socks4a", proxy, `https://${KUBERNETES}/`)).status).not.toBe(0);
      await tunnel.until("it speaks SOCKS4; use socks5://");
      expect((await curl("--proxy", `http://${proxy}`, `https://${KUBERNETES}/`)).status).not.toBe(0);
      await tunnel.until("use socks5://, not http://");
    },
    60_000,
  );

  testUnless(
    NO_PSQL,
    "psql reaches the database on the next port, with the real name verified",
    async () => {
      await open();
      const psql = (host: string) =>
        spawnAsync(
          "psql",
          [
            `host=${host} hostaddr=127.0.0.1 port=${port + 1} user=postgres dbname=postgres sslmode=verify-full sslrootcert=${server.caFile}`,
            "-Atc",
            "SELECT 'through'",
          ],
          { PGPASSWORD: server.adminPassword },
        );
      expect(await psql(ENDPOINT)).toEqual({ status: 0, stdout: "through\n" });
      expect((await psql("other.example.com")).status).toBe(2);
    },
    60_000,
  );

  test("opens another session when one ends; what was connected ends, what comes meanwhile waits", async () => {
    const tunnel = await open();
    const before = await login();
    const lost = new Promise<void>((resolve) => before.once("end", () => resolve()));
    const [session] = standIn.calls("plugin").filter(({ args }) => args[0] === `${ENDPOINT}:5432`);
    process.kill(session?.pid ?? 0, "SIGKILL");
    await lost;
    await tunnel.until("database: the session ended");
    const after = await login();
    await after.query("SELECT 1");
    await after.end();
    await tunnel.until("database: connected again");
    expect(tunnel.stderr()).not.toContain("kubernetes");
  }, 60_000);

  test("goes on when the AWS CLI is killed and leaves its plugin behind, which goes too", async () => {
    const tunnel = await open();
    const [cli] = standIn.calls().filter(({ args }) => args.join(" ").includes(ENDPOINT));
    const [plugin] = standIn.calls("plugin").filter(({ args }) => args[0] === `${ENDPOINT}:5432`);
    process.kill(cli?.pid ?? 0, "SIGKILL");
    await tunnel.until("database: connected again");
    expect(isRunning(plugin?.pid ?? 0)).toBe(false);
    await (await login()).end();
  }, 60_000);

  test("survives credentials that expire while it is open, and says so once", async () => {
    const tunnel = await open();
    standIn.behave({ ...behaviour, errors: { ssm: EXPIRED } });
    const [session] = standIn.calls("plugin").filter(({ args }) => args[0] === `${ENDPOINT}:5432`);
    process.kill(session?.pid ?? 0, "SIGKILL");
    await tunnel.until("database: the AWS credentials have expired");
    standIn.behave(behaviour);
    await (await login()).end();
    expect(tunnel.stderr().split("have expired")).toHaveLength(2);
  }, 60_000);
});

const EXPIRED =
  "An error occurred (ExpiredTokenException) when calling the StartSession operation: The security token included in the request is expired";

describe("npm run tunnel, ending", () => {
  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "on %s leaves no process and no port",
    async (signal) => {
      const tunnel = await open();
      const client = await login();
      const lost = new Promise<void>((resolve) => client.once("end", () => resolve()));
      expect(standIn.running()).toHaveLength(4);
      tunnel.child.kill(signal);
      expect(await tunnel.exit).toBe(0);
      await lost;
      expect(standIn.running()).toEqual([]);
      expect([await isFree(port), await isFree(port + 1)]).toEqual([true, true]);
    },
    60_000,
  );

  test("by a crash leaves no process", async () => {
    const tunnel = await open();
    tunnel.child.kill("SIGKILL");
    expect(await tunnel.exit).toBeUndefined();
    await standIn.gone();
  }, 60_000);

  test("on a second Ctrl-C is immediate, whatever the plugin does", async () => {
    standIn.behave({ ...behaviour, stubborn: true });
    const tunnel = await open();
    tunnel.child.kill("SIGINT");
    // npm sends the first one twice, so one that comes in the same instant does not count.
    await new Promise((resolve) => setTimeout(resolve, 400));
    tunnel.child.kill("SIGINT");
    expect(await tunnel.exit).toBe(130);
    await standIn.gone();
  }, 60_000);

  test("on one Ctrl-C takes a plugin with it that does not listen", async () => {
    standIn.behave({ ...behaviour, stubborn: true });
    const tunnel = await open();
    tunnel.child.kill("SIGINT");
    tunnel.child.kill("SIGINT");
    expect(await tunnel.exit).toBe(0);
    expect(standIn.running()).toEqual([]);
  }, 60_000);

  test("on Ctrl-C while it opens leaves no process", async () => {
    standIn.behave({ ...behaviour, silent: true });
    const tunnel = standIn.tunnel("test", "--port", String(port));
    while (standIn.calls("plugin").length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    tunnel.child.kill("SIGINT");
    expect(await tunnel.exit).toBe(130);
    expect(standIn.running()).toEqual([]);
    expect(tunnel.stderr()).toBe(`opening the tunnel through ${BASTION} …\n`);
  }, 60_000);
});

describe("npm run tunnel -- <environment> -- <command>", () => {
  const command = (code: string, ...args: readonly string[]) =>
    standIn.tunnel("test", "--port", String(port), "--", process.execPath, "-e", code, ...args);

  test("runs the command with the variables set, leaves its output alone, and exits as it does", async () => {
    const tunnel = command(
      "console.log(process.env.ALL_PROXY, process.env.KUBE_PROXY_URL, process.env.PGOPTIONS, process.argv[1]); process.exit(7)",
      "an argument",
    );
    expect(await tunnel.exit).toBe(7);
    const proxy = `socks5://127.0.0.1:${port}`;
    expect(tunnel.stdout()).toBe(`${proxy} ${proxy} -c search_path= -c lock_timeout=60s an argument\n`);
    expect(standIn.running()).toEqual([]);
  }, 60_000);

  test("gives the command what it reaches", async () => {
    const tunnel = command(`
      const { SocksClient } = require(${JSON.stringify(join(ROOT, "node_modules/socks"))});
      const { port } = new URL(process.env.ALL_PROXY);
      SocksClient.createConnection({
        proxy: { host: "127.0.0.1", port: Number(port), type: 5 },
        command: "connect",
        destination: { host: "${ENDPOINT}", port: 5432 },
      }).then(({ socket }) => { console.log("connected"); socket.destroy(); })`);
    expect([await tunnel.exit, tunnel.stdout()]).toEqual([0, "connected\n"]);
  }, 60_000);

  test("a command that a signal ends gives 128 and its number", async () => {
    expect(await command("process.kill(process.pid, 'SIGTERM')").exit).toBe(143);
  }, 60_000);

  test("Ctrl-C is the command's to answer; the tunnel stays until it has", async () => {
    const tunnel = command(`
      process.on("SIGTERM", () => {});
      process.on("SIGINT", () => { console.log("saving"); process.exit(4); });
      setTimeout(() => process.exit(3), 60_000);
      console.log("started", process.pid);`);
    await tunnel.until("started");
    tunnel.child.kill("SIGINT");
    expect(standIn.running()).toHaveLength(4);
    process.kill(Number(/started (\d+)/.exec(tunnel.stdout())?.[1]), "SIGINT");
    expect(await tunnel.exit).toBe(4);
    expect(standIn.running()).toEqual([]);
  }, 60_000);

  test("SIGTERM is passed on to the command", async () => {
    const tunnel = command(
      "process.on('SIGTERM', () => process.exit(9)); setTimeout(() => {}, 60_000); console.log('started')",
    );
    await tunnel.until("started");
    tunnel.child.kill("SIGTERM");
    expect(await tunnel.exit).toBe(9);
  }, 60_000);
});

describe("npm run tunnel, when something is missing", () => {
  /** What it says, with exit code 1; never a stack trace. */
  const failure = async (...args: readonly string[]) => {
    const tunnel = standIn.tunnel(...args);
    expect(await tunnel.exit).toBe(1);
    expect(tunnel.stdout()).toBe("");
    expect(tunnel.stderr()).not.toMatch(/^\s+at /m);
    expect(standIn.running()).toEqual([]);
    return tunnel.stderr().replace(/^opening the tunnel .*\n/, "");
  };
  const oneSentence = async (...args: readonly string[]) => {
    const said = await failure("test", "--port", String(port), ...args);
    expect(said.trim().split("\n")).toHaveLength(1);
    return said;
  };

  test("without the AWS CLI says where it is", async () => {
    standIn.uninstall("aws");
    expect(await oneSentence()).toMatch(
      /^the AWS CLI is not installed: .* install it from https:\/\/docs\.aws/,
    );
  }, 60_000);

  test("without the Session Manager plugin says where it is", async () => {
    standIn.uninstall("session-manager-plugin");
    expect(await oneSentence()).toMatch(
      /^the AWS CLI's Session Manager plugin is not installed: .* install it/,
    );
    expect(standIn.calls().map(({ args }) => args[0])).toEqual(["sts"]);
  }, 60_000);

  test.each<[string, Behaviour, string]>([
    [
      "expired credentials",
      { errors: { sts: EXPIRED } },
      "the AWS credentials have expired; run `aws sso login`, or renew them where they came from\n",
    ],
    [
      "another account's credentials",
      { account: "999999999999" },
      "the AWS credentials are those of account 999999999999, and test is in 123456789012; set AWS_PROFILE to a profile of that account\n",
    ],
    [
      "a database stack that is not deployed",
      { objects: { "s3://state/test-eks/terraform.tfstate": EKS_STATE } },
      "test-database is not deployed (there is no s3://state/test-database/terraform.tfstate); run `npx cdktf deploy test-database` first\n",
    ],
    [
      "a database stack that was destroyed",
      { objects: { ...OBJECTS, "s3://state/test-database/terraform.tfstate": state({}) } },
      "test-database is not deployed (s3://state/test-database/terraform.tfstate has no outputs); run `npx cdktf deploy test-database` first\n",
    ],
    [
      "a cluster stack that is not deployed",
      { objects: { "s3://state/test-database/terraform.tfstate": DATABASE_STATE } },
      "test-eks is not deployed (there is no s3://state/test-eks/terraform.tfstate); run `npx cdktf deploy test-eks` first\n",
    ],
    [
      "a database stack from before the bastion",
      {
        objects: {
          ...OBJECTS,
          "s3://state/test-database/terraform.tfstate": state({ "writer-endpoint": ENDPOINT }),
        },
      },
      "test-database was deployed without its output bastion-instance-id; run `npx cdktf deploy test-database`\n",
    ],
    [
      "a state that somebody else wrote",
      {
        objects: {
          ...OBJECTS,
          "s3://state/test-database/terraform.tfstate": state({
            "writer-endpoint": ENDPOINT,
            "bastion-instance-id": "file:///etc/passwd\u001b[2J",
          }),
        },
      },
      's3://state/test-database/terraform.tfstate: the output bastion-instance-id is not the id of an EC2 instance in eu-west-1: "file:///etc/passwd\\u001b[2J"; find out who wrote that state, or run `npx cdktf deploy test-database` again\n',
    ],
    [
      "a bastion that is stopped",
      {
        errors: {
          ssm: `An error occurred (TargetNotConnected) when calling the StartSession operation: ${BASTION} is not connected.`,
        },
      },
      `the bastion ${BASTION} is not connected to Session Manager; start it (\`aws ec2 start-instances --instance-ids ${BASTION}\`) and wait a minute, or deploy the database stack if it is gone\n`,
    ],
    [
      "no permission to start a session",
      {
        errors: {
          ssm: "An error occurred (AccessDeniedException) when calling the StartSession operation: no identity-based policy allows the ssm:StartSession action",
        },
      },
      "these AWS credentials lack a permission that docs/private-access.md lists: An error occurred (AccessDeniedException) when calling the StartSession operation: no identity-based policy allows the ssm:StartSession action\n",
    ],
  ])(
    "with %s is one sentence",
    async (_, different, sentence) => {
      standIn.behave({ ...behaviour, ...different });
      expect(await oneSentence()).toBe(sentence);
    },
    60_000,
  );

  test("with no stack deployed names both", async () => {
    standIn.behave({ ...behaviour, objects: {} });
    const said = await failure("test", "--port", String(port));
    expect(
      said
        .trim()
        .split("\n")
        .map((line) => line.split(" ")[0]),
    ).toEqual(["test-database", "test-eks"]);
  }, 60_000);

  test("with a session that never listens ends after the limit", async () => {
    standIn.behave({ ...behaviour, silent: true });
    expect(await oneSentence("--timeout", "1")).toMatch(
      /^Session Manager opened no session to \S+ in 1 s; try again\n$/,
    );
  }, 60_000);

  test("with a destination that the bastion does not reach ends after the limit", async () => {
    standIn.behave({ ...behaviour, reachable: { [`${ENDPOINT}:5432`]: server.port } });
    expect(await oneSentence("--timeout", "1")).toBe(
      `${KUBERNETES}:443 does not answer through the bastion (ECONNRESET); check that it runs and that its security group admits the bastion\n`,
    );
  }, 60_000);

  test.each([0, 1])(
    "with a port in use says how to choose another: port + %d",
    async (next) => {
      const taken = await listenOnLoopback(createTcpServer(), { port: port + next });
      try {
        expect(await oneSentence()).toBe(
          `port ${port + next} is in use, perhaps by another run of this command; end that, or choose another with --port\n`,
        );
      } finally {
        await taken.close();
      }
    },
    60_000,
  );

  test("two tunnels do not share a port, and the first one does not notice", async () => {
    await open();
    const second = standIn.tunnel("test", "--port", String(port));
    expect(await second.exit).toBe(1);
    expect(second.stderr()).toContain(`port ${port} is in use, perhaps by another run of this command`);
    await (await login()).end();
  }, 60_000);

  test("without a bastion in the file says so before it asks AWS", async () => {
    standIn.write("environment.yaml", `${ENVIRONMENT}database: { bastion: false }\n`);
    expect(await oneSentence()).toBe(
      "environment.yaml has database.bastion: false; set it to true and run `npx cdktf deploy test-database`, or run this inside the VPC\n",
    );
    expect(standIn.calls()).toEqual([]);
  }, 60_000);

  test.each<[string, string[], string]>([
    ["no environment", [], "Name one environment.\nUsage: npm run tunnel -- <environment>"],
    ["two environments", ["test", "prod"], "Name one environment.\nUsage:"],
    ["an environment that is not there", ["tset"], 'there is no environment tset. Did you mean "test"?\n'],
    [
      "an option that is not there",
      ["test", "--prot", "1"],
      'There is no option "--prot". Did you mean "--port"?\nUsage:',
    ],
    [
      "a port that is none",
      ["test", "--port", "65535"],
      "--port must be a whole number from 1 to 65534, got: 65535\n",
    ],
    [
      "a time that is none",
      ["test", "--timeout", "soon"],
      "--timeout must be a whole number from 1 to 3600, got: soon\n",
    ],
    ["no command", ["test", "--"], "Name a command after --.\nUsage:"],
    [
      "a command that is not there",
      ["test", "--", "trraform", "apply"],
      "there is no command trraform to run in the tunnel\n",
    ],
  ])(
    "%s is one message, before AWS is asked",
    async (_, args, message) => {
      expect((await failure(...args)).startsWith(message)).toBe(true);
      expect(standIn.calls()).toEqual([]);
    },
    60_000,
  );
});

/** Runs a program while this process goes on serving. */
function spawnAsync(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ status: number | undefined; stdout: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      env: { PATH: process.env.PATH, ...env },
      stdio: ["ignore", "pipe", "ignore"],
    });
    let stdout = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk;
    });
    child.on("close", (code: number | null) => resolve({ status: code ?? undefined, stdout }));
  });
}
