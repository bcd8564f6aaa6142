import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeEach, expect, test } from "@jest/globals";
import { ProjectCopy } from "../helpers/run";

const project = new ProjectCopy();
afterAll(() => project.remove());

/** Where the commands keep their temporary files; it must be empty when they have ended. */
let temporary: string;
let child: ChildProcess;
let output: string;
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), "start-"));
  // As /tmp itself: root starts the server as another user, who removes its folder in the end.
  chmodSync(temporary, 0o1777);
});
afterEach(() => {
  child.kill("SIGKILL");
  rmSync(temporary, { recursive: true, force: true });
});

/** Starts a command with no AWS configuration at all, in a process group of its own, as a terminal does. */
function start(command: string): void {
  child = spawn(process.execPath, ["run.js", `commands/${command}.ts`], {
    cwd: project.folder,
    detached: true,
    env: { PATH: process.env.PATH, TMPDIR: temporary, HOME: temporary },
  });
  output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      output += chunk;
    });
  }
}

/** The message board's address, once it is served. */
async function board(): Promise<string> {
  for (;;) {
    const url = /Message board: (\S+)/.exec(output)?.[1];
    if (url !== undefined) return url;
    if (child.exitCode !== null) throw new Error(output);
    await pause(20);
  }
}

/** Waits until nothing runs any more that names the temporary folder, and it is empty. */
async function nothingLeft(): Promise<void> {
  for (;;) {
    const processes = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" });
    if (!processes.includes(temporary) && readdirSync(temporary).length === 0) return;
    await pause(50);
  }
}

test("npm run demo proves the access matrix with no AWS configuration, and leaves nothing behind", async () => {
  start("demo");
  const [status] = await once(child, "close");
  expect(output.replace(/localhost:\d+|127\.0\.0\.1:\d+|\d+\.\d s/g, "…")).toMatchSnapshot();
  expect(status).toBe(0);
  await nothingLeft();
}, 120_000);

test("npm start serves the message board, which says whom it is connected as, until Ctrl-C", async () => {
  start("start");
  const url = await board();
  const added = await fetch(`${url}/messages`, {
    method: "POST",
    headers: { Origin: url },
    body: new URLSearchParams({ nonce: "0b0c5d5e-53a1-4d8e-8d5a-8f0e5c1f2a3b", text: "From a laptop" }),
  });
  expect(added.status).toBe(200);
  const page = await added.text();
  for (const shown of ["From a laptop", "message_board", "dev-db-message-board", "TLSv1.3"]) {
    expect(page).toContain(shown);
  }
  process.kill(-(child.pid ?? 0), "SIGINT");
  const [status] = await once(child, "close");
  expect(status).toBe(0);
  await nothingLeft();
  await expect(fetch(url)).rejects.toThrow("fetch failed");
}, 120_000);

test.each(["SIGKILL", "SIGTERM"] as const)(
  "whatever npm start began ends with it, also by %s",
  async (signal) => {
    start("start");
    const url = await board();
    child.kill(signal);
    await once(child, "close");
    await nothingLeft();
    while (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      await pause(50);
  },
  120_000,
);

test("a second Ctrl-C ends npm start at once, whatever it was waiting for", async () => {
  start("start");
  const { host, hostname, origin, port } = new URL(await board());
  const request = connect(Number(port), hostname);
  request.on("error", () => undefined);
  const type = "Content-Type: application/x-www-form-urlencoded";
  const head = `POST /messages HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\n${type}\r\nContent-Length: 100\r\n\r\n`;
  request.write(`${head}the rest never comes`);
  await pause(500);
  child.kill("SIGINT");
  await pause(500);
  expect(child.exitCode).toBeNull();
  child.kill("SIGINT");
  const [status] = await once(child, "close");
  expect(status).toBe(130);
  request.destroy();
  await nothingLeft();
}, 120_000);

test("npm start ended while it starts leaves nothing behind", async () => {
  start("start");
  while (!output.includes("PostgreSQL")) await pause(10);
  process.kill(-(child.pid ?? 0), "SIGINT");
  await once(child, "close");
  await nothingLeft();
}, 120_000);
