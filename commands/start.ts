import { terminalLines, terminalText } from "../lib/terminal-text";
import { exitOnUserError, UserError } from "../lib/user-error";
import { chooseEnvironments, loadEnvironments } from "../model/config/load";
import { commandLine } from "./support/arguments";
import { demonstrate } from "./support/demonstrate";
import { interruption } from "./support/signals";

const USAGE = `Usage: npm start
Does what npm run demo does, then serves the message board on this machine until Ctrl-C.

  PORT  port of the message board; default: any free one`;

exitOnUserError(async () => {
  if (!commandLine(USAGE)) return;
  const [dev] = chooseEnvironments(loadEnvironments(process.env.ENVIRONMENTS), ["dev"]);
  if (!dev) return;
  const { demo } = dev;
  if (!demo)
    throw new UserError([`${dev.file}: npm start needs the key demo, which names the board's services.`]);
  const { laptop, proven } = await demonstrate(dev, log);
  if (!proven) {
    await laptop.stop();
    process.exitCode = 1;
    return;
  }
  const services = await laptop.serviceFiles();
  const board = await laptop.serveBoard(demo, { port: process.env.PORT ?? "0", log });
  const interrupted = interruption();
  say(`
Message board: ${board.url}   (Ctrl-C ends everything)

To log in as a service, in another terminal:
  set -a; . ${services.get(demo.service)?.file}; set +a
  sh examples/clients/psql/connect.sh
Services: ${[...services.keys()].join(", ")}

What the board, the gateway and the token service have to say follows.
`);
  await Promise.race([interrupted, board.ended]);
  await board.stop();
  await laptop.stop();
});

function say(text: string): void {
  process.stdout.write(`${terminalLines(text)}\n`);
}

/** What the parts of the laptop have to say may hold what clients sent. */
function log(line: string): void {
  say(terminalText(line));
}
