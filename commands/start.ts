import { terminalLines, terminalText } from "../lib/terminal-text";
import { exitOnUserError } from "../lib/user-error";
import type { Environment } from "../model/config/environment";
import type { Laptop, SignInFiles } from "../tools/laptop/laptop";
import { commandLine, wholeNumber } from "./support/arguments";
import { demonstrate } from "./support/demonstrate";
import { oneOrUsualEnvironment, WHERE_ENVIRONMENTS_ARE } from "./support/environments";
import { interruption } from "./support/signals";

const USAGE = `Usage: npm start [-- <environment>]
Does what npm run demo does (dev if there is one, else the first environment), then goes on running until Ctrl-C, for
you to log in as any service or group of people; with the key demo in the file it also serves the message board.
${WHERE_ENVIRONMENTS_ARE}

  PORT  port of the message board; default: any free one`;

/** Titles of the lists of who may log in. */
const KINDS: Readonly<Record<SignInFiles["kind"], string>> = {
  service: "Services",
  workload: "Workloads outside of EKS",
  role: "Whoever has an IAM role that exists already",
  principals: "Listed principals",
  people: "People",
};

void exitOnUserError(async () => {
  const given = commandLine(USAGE, { names: true });
  if (!given) return;
  const port = wholeNumber("PORT", process.env.PORT || "0", 0, 65535);
  const environment = oneOrUsualEnvironment(given.names, USAGE);
  const { laptop, proven } = await demonstrate(environment, log);
  try {
    if (proven) await serve(laptop, environment, String(port));
    else process.exitCode = 1;
  } finally {
    await laptop.stop();
  }
});

async function serve(laptop: Laptop, { demo, file }: Environment, port: string): Promise<void> {
  await laptop.announce(process.cwd());
  const login = await loginHelp(laptop, demo?.service);
  const board = demo && (await laptop.serveBoard(demo, { port, log }));
  const interrupted = interruption();
  const running = board
    ? `Message board: ${board.url}   (Ctrl-C ends everything)`
    : `Gateway and token service are running; there is no message board, since ${file} has no key demo.   (Ctrl-C ends everything)`;
  say(`
${running}

${login}

What ${board ? "the board, " : ""}the gateway and the token service have to say follows.
`);
  await Promise.race(board ? [interrupted, board.ended] : [interrupted]);
  await board?.stop();
}

/** How to log in from a shell, as one identity for all of them: the preferred one, or the first. */
async function loginHelp(laptop: Laptop, preferred = ""): Promise<string> {
  const files = await laptop.signInFiles();
  const [first] = files.keys();
  if (first === undefined) return "Nobody may log in: the file has neither services nor people.";
  const key = files.has(preferred) ? preferred : first;
  const keys = Object.entries(KINDS).flatMap(([kind, title]) => {
    const ofKind = [...files]
      .filter(([, each]) => each.kind === kind)
      .map(([name, { member }]) => (member === undefined ? name : `${name} (${member})`));
    return ofKind.length > 0 ? [`${title}: ${ofKind.join(", ")}`] : [];
  });
  return `To log in as ${key}, in another terminal; the others have files beside this one:
  set -a; . ${files.get(key)?.file}; set +a
  sh examples/clients/psql/connect.sh
${keys.join("\n")}`;
}

function say(text: string): void {
  process.stdout.write(`${terminalLines(text)}\n`);
}

/** What the parts of the laptop have to say may hold what clients sent. */
function log(line: string): void {
  say(terminalText(line));
}
