import { once } from "node:events";
import { connect, createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, expect, test } from "@jest/globals";
import { ProjectCopy } from "../helpers/run";
import { type RunningCommand, startCommand } from "./running-command";

const project = new ProjectCopy();
afterAll(() => project.remove());
let command: RunningCommand;
afterEach(() => command.remove());
/** The message board's address, once it is served. */
const board = () => command.said(/Message board: (\S+)/);

test.each(["SIGKILL", "SIGTERM"] as const)(
  "whatever npm start began ends with it, also by %s",
  async (signal) => {
    command = startCommand(project, "start");
    const url = await board();
    command.signal(signal);
    await command.ended();
    await command.nothingLeft();
    const answers = () =>
      fetch(url).then(
        () => true,
        () => false,
      );
    while (await answers()) await pause(50);
  },
  120_000,
);

test("a second Ctrl-C ends npm start at once, whatever it was waiting for", async () => {
  command = startCommand(project, "start");
  const { host, hostname, origin, port } = new URL(await board());
  const request = connect(Number(port), hostname);
  request.on("error", () => undefined);
  const type = "Content-Type: application/x-www-form-urlencoded";
  const head = `POST /messages HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\n${type}\r\nContent-Length: 100\r\n\r\n`;
  request.write(`${head}the rest never comes`);
  await pause(500);
  command.signal("SIGINT");
  await pause(500);
  expect(command.running()).toBe(true);
  command.signal("SIGINT");
  expect(await command.ended()).toBe(130);
  request.destroy();
  await command.nothingLeft();
}, 120_000);

test("npm start ended while it starts leaves nothing behind", async () => {
  command = startCommand(project, "start");
  await command.said(/(PostgreSQL)/);
  command.signal("SIGINT", "everything");
  await command.ended();
  await command.nothingLeft();
}, 120_000);

test("npm start on a PORT that is taken says so, and leaves nothing behind", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const address = taken.address();
  const port = String(typeof address === "object" ? address?.port : "");
  command = startCommand(project, "start", [], { PORT: port });
  const status = await command.ended();
  taken.close();
  expect(command.output()).toContain(`Port ${port} is taken by another program; set PORT to another one.\n`);
  expect(status).toBe(1);
  await command.nothingLeft();
}, 120_000);
