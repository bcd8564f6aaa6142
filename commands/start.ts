import { paints } from "../lib/terminal";
import { terminalLines, terminalText } from "../lib/terminal-text";
import { exitOnUserError } from "../lib/user-error";
import type { Environment } from "../model/config/environment";
import type { BreakIn, Laptop, SignInFiles } from "../tools/laptop/laptop";
import { commandLine, wholeNumber } from "./support/arguments";
import { demonstrate } from "./support/demonstrate";
import { oneOrUsualEnvironment, WHERE_ENVIRONMENTS_ARE } from "./support/environments";
import { interruption } from "./support/signals";

const USAGE = `Usage: npm start [-- <environment>] [--gateway-port N] [--board-port N] [--verbose]
Does what npm run demo does (dev if there is one, else the first environment), then goes on running until Ctrl-C, for
you to log in as any service or group of people; with the key demo in the file it also serves the message board.

  --gateway-port N  port of the database; default: any free one
  --board-port N    port of the message board; default: what PORT says, else any free one
  --verbose         say what the board answers, too, not only what is refused or goes wrong
${WHERE_ENVIRONMENTS_ARE}`;

/** Titles of the lists of who may log in. */
const KINDS: Readonly<Record<SignInFiles["kind"], string>> = {
  service: "Services",
  workload: "Workloads outside of EKS",
  role: "Whoever has an IAM role that exists already",
  principals: "Listed principals",
  people: "People",
};

/** What the command line says of serving. */
interface Serving {
  readonly boardPort: string;
  readonly verbose: boolean;
}

void exitOnUserError(async () => {
  const given = commandLine(USAGE, {
    names: true,
    flags: ["verbose"],
    values: ["gateway-port", "board-port"],
  });
  if (!given) return;
  const { "gateway-port": gateway, "board-port": board } = given.values;
  const boardPort =
    board === undefined
      ? wholeNumber("PORT", process.env.PORT || "0", 0, 65535)
      : wholeNumber("--board-port", board, 0, 65535);
  const port = gateway === undefined ? undefined : wholeNumber("--gateway-port", gateway, 1, 65535);
  const environment = oneOrUsualEnvironment(given.names, USAGE);
  let serving = false;
  const { laptop, proven } = await demonstrate(environment, {
    // What is tried below is refused, too.
    log: (line) => serving && log(line),
    ...(port !== undefined && { port }),
  });
  try {
    const tried = await laptop.breakIns();
    if (!proven || !tried.every(({ refused }) => refused)) {
      say(`\n${breakInHelp(tried)}`);
      process.exitCode = 1;
      return;
    }
    serving = true;
    const options = { boardPort: String(boardPort), verbose: given.flags.has("verbose") };
    await serve(laptop, environment, tried, options);
  } finally {
    await laptop.stop();
  }
});

async function serve(
  laptop: Laptop,
  { demo, file }: Environment,
  tried: readonly BreakIn[],
  { boardPort: port, verbose }: Serving,
): Promise<void> {
  await laptop.announce(process.cwd());
  const login = await loginHelp(laptop, demo?.service);
  const boardLog = (line: string) => (verbose || !wentWell(line)) && log(line);
  const board = demo && (await laptop.serveBoard(demo, { port, log: boardLog }));
  const interrupted = interruption();
  const running = board
    ? `Message board: ${board.url}   (Ctrl-C ends everything)`
    : `Gateway and token service are running; there is no message board, since ${file} has no key demo.   (Ctrl-C ends everything)`;
  say(`
${running}

${login}
${tried.length > 0 ? `\n${breakInHelp(tried)}\n` : ""}
What is refused from now on shows below, with its reason.
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
    return ofKind.length > 0 ? [`  ${title}: ${ofKind.join(", ")}`] : [];
  });
  return `Log in, in another terminal, as any of them; without a command, in a shell:
  npm run as -- ${key} psql
${keys.join("\n")}`;
}

/** What was tried, with what was said to it. */
function breakInHelp(tried: readonly BreakIn[]): string {
  const recipes = tried.map(
    ({ command, refusal, refused }) => `  ${command}\n    ${refused ? "✗" : "!"} ${refusal}`,
  );
  return ["Break in, and be refused, as was tried just now:", ...recipes].join("\n");
}

/** Whether a line of the board's log tells of a request that it answered. */
function wentWell(line: string): boolean {
  const [, status] = /"event":"request",.*"status":(\d{3})\b/.exec(line) ?? [];
  return status !== undefined && Number(status) < 400;
}

/** Refusals in colour. */
function say(text: string): void {
  const { bad } = paints(process.stdout);
  const lines = terminalLines(text).split("\n");
  const painted = lines.map((line) => (/^ {4}[✗!] |^refused /.test(line) ? bad(line) : line));
  process.stdout.write(`${painted.join("\n")}\n`);
}

/** What the parts of the laptop have to say may hold what clients sent. */
function log(line: string): void {
  say(terminalText(line));
}
