import { startServer } from "../../../tools/postgres/embedded-server";

// Run by tests as a process of its own: starts a server, says where it is, and then does what it was told.
void startServer().then((server) => {
  const [, , then] = process.argv;
  process.stdout.write(`${JSON.stringify({ folder: server.socketFolder, port: server.port })}\n`);
  if (then === "stop") return server.stop();
  if (then === "wait") setInterval(() => undefined, 1000);
  return undefined;
});
