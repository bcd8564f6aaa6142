import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { errorCode } from "../../../lib/user-error";
import { ROOT } from "../../helpers/run";

/** How the stand-ins behave; read anew by each call. */
export interface Behaviour {
  /** Account of the credentials. */
  readonly account?: string;
  /** Credentials of whichever role they take, as STS gives them. */
  readonly session?: Readonly<Record<string, string>>;
  /** What `aws` says in place of working, by its service (`sts`, `s3`, `ssm`) or call (`sts assume-role`). */
  readonly errors?: Readonly<Record<string, string>>;
  /** Texts in S3 by URL. */
  readonly objects?: Readonly<Record<string, string>>;
  /** What RDS answers, by what it is asked: `describe-db-instances`. */
  readonly rds?: Readonly<Record<string, unknown>>;
  /** Ports of this machine that the bastion "reaches", by `host:port`. It reaches no others. */
  readonly reachable?: Readonly<Record<string, number | { readonly host: string; readonly port: number }>>;
  /** The plugin never listens. */
  readonly silent?: boolean;
  /** The plugin takes no notice of Ctrl-C. */
  readonly stubborn?: boolean;
}

/** What the AWS CLI does of it: calls, errors on stderr, and a plugin that it waits for and that outlives it. */
const AWS = `
const { appendFileSync, readFileSync } = require("node:fs");
const { spawn } = require("node:child_process");
const args = process.argv.slice(2);
const behaviour = JSON.parse(readFileSync(__dirname + "/../behaviour.json", "utf8"));
// A test may interrupt as soon as it sees the call.
if (args[0] === "ssm") process.on("SIGINT", () => {});
appendFileSync(__dirname + "/../calls", JSON.stringify({ program: "aws", pid: process.pid, args }) + "\\n");
const fail = (text) => { process.stderr.write("\\n" + text + "\\n"); process.exit(254); };
const error = behaviour.errors?.[args.slice(0, 2).join(" ")] ?? behaviour.errors?.[args[0]];
if (error) fail(error);
if (args[0] === "sts") {
  const caller = { Account: behaviour.account, Arn: "arn:aws:sts::" + behaviour.account + ":assumed-role/OnCall/anna" };
  process.stdout.write(JSON.stringify(args[1] === "assume-role" ? { Credentials: behaviour.session } : caller) + "\\n");
}
if (args[0] === "s3") {
  const text = behaviour.objects?.[args[2]];
  if (text === undefined) fail("fatal error: An error occurred (404) when calling the HeadObject operation: Not Found");
  process.stdout.write(text);
}
if (args[0] === "rds") process.stdout.write(JSON.stringify(behaviour.rds?.[args[1]] ?? {}) + "\\n");
if (args[0] === "ssm") {
  const parameters = JSON.parse(args[args.indexOf("--parameters") + 1]);
  const plugin = spawn("session-manager-plugin", [parameters.host + ":" + parameters.portNumber], { stdio: "inherit" });
  plugin.on("exit", (code) => process.exit(code ?? 1));
}`;

/** What the plugin does of it: it accepts before it knows whether the bastion reaches the destination. */
const PLUGIN = `
const { appendFileSync, readFileSync } = require("node:fs");
const net = require("node:net");
if (process.argv[2] === "--version") { console.log("1.2.0.0"); process.exit(0); }
const behaviour = JSON.parse(readFileSync(__dirname + "/../behaviour.json", "utf8"));
process.on("SIGINT", () => { if (!behaviour.stubborn) { console.log("\\nExiting session with sessionId: me-0123.\\n"); process.exit(0); } });
appendFileSync(__dirname + "/../calls", JSON.stringify({ program: "plugin", pid: process.pid, args: process.argv.slice(2) }) + "\\n");
const port = behaviour.reachable?.[process.argv[2]];
console.log("\\nStarting session with SessionId: me-0123");
if (behaviour.silent) setInterval(() => {}, 1000);
else {
  const server = net.createServer({ allowHalfOpen: true }, (client) => {
    client.on("error", () => {});
    if (port === undefined) return client.destroy();
    const remote = net.connect({ ...(typeof port === "number" ? { port, host: "127.0.0.1" } : port), allowHalfOpen: true });
    remote.on("error", () => client.destroy());
    client.on("close", () => remote.destroy());
    client.pipe(remote).pipe(client);
  });
  server.listen(0, process.env.SSM_PLUGIN_LOCAL_HOST ?? "localhost", () =>
    process.stdout.write("Port " + server.address().port + " opened for sessionId me-0123.\\nWaiting for connections...\\n"));
}`;

/** A tunnel in a process of its own. */
export interface TunnelProcess {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Waits until the output holds a text so many times; fails when the process ends before. */
  until(text: string, times?: number): Promise<void>;
  /** Its exit code; undefined when a signal ended it. */
  readonly exit: Promise<number | undefined>;
}

/** A folder with an environment, and commands that stand in for the AWS CLI and its plugin. */
export class StandIn {
  readonly folder = mkdtempSync(join(tmpdir(), "tunnel-"));
  readonly bin = join(this.folder, "bin");
  private readonly started: ChildProcess[] = [];

  constructor(environment: string, behaviour: Behaviour = {}) {
    mkdirSync(this.bin);
    symlinkSync(process.execPath, join(this.bin, "node"));
    symlinkSync("/bin/sleep", join(this.bin, "sleep"));
    for (const [name, code] of Object.entries({ aws: AWS, "session-manager-plugin": PLUGIN })) {
      writeFileSync(join(this.bin, name), `#!${process.execPath}${code}`);
      chmodSync(join(this.bin, name), 0o755);
    }
    this.write("environment.yaml", environment);
    this.behave(behaviour);
  }

  /** Writes a file of the folder, where the tunnel runs. */
  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** Changes how the stand-ins behave from their next call on. */
  behave(behaviour: Behaviour): void {
    this.write("behaviour.json", JSON.stringify(behaviour));
  }

  /** Takes a command away. */
  uninstall(name: "aws" | "session-manager-plugin"): void {
    rmSync(join(this.bin, name));
  }

  /** The stand-ins that were started, in this order. */
  calls(program: "aws" | "plugin" = "aws"): { readonly pid: number; readonly args: readonly string[] }[] {
    const file = join(this.folder, "calls");
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, "utf8").trim().split("\n");
    return lines.map((line) => JSON.parse(line)).filter((call) => call.program === program);
  }

  /** Processes of the stand-ins that still run. */
  running(): number[] {
    return [...this.calls("aws"), ...this.calls("plugin")].map(({ pid }) => pid).filter(isRunning);
  }

  /** Waits until none of them runs. */
  async gone(): Promise<void> {
    while (this.running().length > 0) await pause(20);
  }

  /** Runs `npm run tunnel -- …`, without npm. */
  tunnel(...args: readonly string[]): TunnelProcess {
    return this.run("tunnel", args);
  }

  /** Runs a command of commands/ in the folder, without npm. @param env more variables. @default none */
  run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): TunnelProcess {
    const file = join(ROOT, "commands", `${command}.ts`);
    const child = spawn(process.execPath, [join(ROOT, "run.js"), file, ...args], {
      cwd: this.folder,
      env: { PATH: [this.bin].join(delimiter), ENVIRONMENTS: "environment.yaml", HOME: this.folder, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.started.push(child);
    const text = { stdout: "", stderr: "" };
    child.stdout?.on("data", (chunk) => {
      text.stdout += chunk;
    });
    child.stderr?.on("data", (chunk) => {
      text.stderr += chunk;
    });
    let ended = false;
    const exit = new Promise<number | undefined>((resolve) => {
      child.once("close", (code) => {
        ended = true;
        resolve(code ?? undefined);
      });
    });
    const count = (part: string) => (text.stdout + text.stderr).split(part).length - 1;
    return {
      child,
      stdout: () => text.stdout,
      stderr: () => text.stderr,
      exit,
      until: async (part, times = 1) => {
        while (count(part) < times) {
          if (ended) throw new Error(`ended without ${part}:\n${text.stdout}${text.stderr}`);
          await pause(20);
        }
      },
    };
  }

  /** Ends what still runs, and removes the folder. */
  async remove(): Promise<void> {
    for (const child of this.started) child.kill("SIGKILL");
    for (const pid of this.running()) {
      try {
        process.kill(pid, "SIGKILL");
      } catch (error) {
        // It may have ended by itself since.
        if (errorCode(error) !== "ESRCH") throw error;
      }
    }
    await this.gone();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Whether a process runs; one that has ended and that nobody asked about (a zombie) does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch (error) {
    // Elsewhere than on Linux there is no /proc.
    return String(Object(error).code) === "ENOENT" && process.platform !== "linux";
  }
}

/** Five ports in a row that nothing listens on: those of a tunnel. */
export async function freePorts(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const free = await Promise.all([0, 1, 2, 3, 4].map((more) => isFree(port + more)));
    if (free.every(Boolean)) return port;
  }
}

/** Whether nothing listens on a port. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
