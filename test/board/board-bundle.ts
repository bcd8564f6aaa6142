import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { eventually } from "../helpers/eventually";
import { ROOT, run } from "../helpers/run";
import { APP_USER, ROLE_ARN } from "./board-database";
import type { TokenRelay } from "./token-relay";

type Variables = Readonly<Record<string, string>>;

/** Where Node.js is found, and nothing else of this process's environment. */
const ENVIRONMENT = { PATH: process.env.PATH ?? "", HOME: "/nonexistent" };

/** The message board as its image has it: two files in a folder with nothing else. */
export class BoardBundle {
  readonly folder = mkdtempSync(join(tmpdir(), "board-"));

  constructor() {
    const { status, stderr } = run(process.execPath, ["image/build.js", "board", this.folder], { cwd: ROOT });
    if (status !== 0) throw new Error(stderr);
  }

  /** A file beside the bundle. */
  file(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  /** The environment of a pod that reaches a server by a relay, with credentials of an imaginary role. */
  variables(relay: TokenRelay, user: string = APP_USER): Record<string, string> {
    return {
      PGHOST: "localhost",
      PGPORT: String(relay.port),
      PGDATABASE: "board",
      PGUSER: user,
      PGSSLROOTCERT: this.file("ca.pem", relay.ca),
      AWS_REGION: "eu-west-1",
      AWS_ROLE_ARN: ROLE_ARN,
      AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "secret",
      PORT: "0",
      HOST: "127.0.0.1",
      // A test asks faster than a person.
      RATE_LIMIT_CLIENT: "1000000",
      RATE_LIMIT: "1000000",
    };
  }

  /** Runs one of the two to its end. */
  run(name: "server.js" | "migrate.js", variables: Variables) {
    const env = { ...ENVIRONMENT, ...variables };
    return spawnSync(process.execPath, [name], { cwd: this.folder, env, encoding: "utf8", timeout: 60_000 });
  }

  /** The same without waiting for it. */
  spawn(name: "server.js" | "migrate.js", variables: Variables) {
    const env = { ...ENVIRONMENT, ...variables };
    return spawn(process.execPath, [name], { cwd: this.folder, env, stdio: ["ignore", "pipe", "pipe"] });
  }

  /** Starts the board and waits until it listens. */
  async start(variables: Variables): Promise<BoardProcess> {
    const board = new BoardProcess(this.spawn("server.js", variables));
    await board.logged("listening");
    return board;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A board that runs as a process of its own. */
export class BoardProcess {
  private output = "";
  /** Its exit code, or the signal that ended it; undefined while it runs. */
  ended: number | NodeJS.Signals | null | undefined;

  constructor(readonly child: ChildProcessByStdio<null, Readable, Readable>) {
    const collect = (chunk: Buffer) => {
      this.output += chunk.toString();
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("exit", (code, signal) => {
      this.ended = code ?? signal;
    });
  }

  /** The lines it has written, read as JSON. */
  get log(): Record<string, unknown>[] {
    return this.output
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  }

  get url(): string {
    return String(this.log.find(({ event }) => event === "listening")?.url);
  }

  /** Waits until it has logged an event. */
  async logged(event: string): Promise<void> {
    await eventually(() => {
      if (this.ended !== undefined) throw new Error(`ended with ${this.ended}: ${this.output}`);
      return this.output.includes(`"event":"${event}"`);
    });
  }

  /** Ends it at once. */
  async kill(): Promise<void> {
    if (this.ended !== undefined) return;
    this.child.kill("SIGKILL");
    await once(this.child, "exit");
  }
}
