import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { terminalText } from "../lib/terminal-text";
import { errorCode, exitOnUserError, UserError } from "../lib/user-error";
import { problemsBetween } from "../model/config/between";
import type { Environment } from "../model/config/environment";
import { DEFAULT_FOLDER, loadEnvironments } from "../model/config/load";
import { freeCidr } from "../model/config/network/free-cidr";
import { parseEnvironment } from "../model/config/parse";
import { readTextFile } from "../model/config/reading/text-file";
import { commandLine } from "./support/arguments";
import { answersFrom, askFor } from "./support/ask";
import { ASKED, newEnvironment, wrongAnswer } from "./support/new-environment";

const USAGE = `Usage: npm run init -- <name> [options]
Writes an environment file with comments, environments/<name>.yaml, that synthesises as it is. It never overwrites one.
Asks for what no option says; without a terminal, what has a default is taken as that.

  --account   AWS account id; required
  --region    AWS region; default eu-west-1
  --size      cheap, or production; default cheap
  --bucket    S3 bucket for Terraform's state, or none for local files; default none
  --service   name of the first service; default orders-api
  --schema    <database>.<schema> that it works with; default shop.orders
ENVIRONMENTS names another folder than environments/.`;

async function main(): Promise<void> {
  const given = commandLine(USAGE, { names: true, values: ASKED });
  if (!given) return;
  const [name, ...more] = given.names;
  if (name === undefined || more.length > 0) throw new UserError(["Name one environment."], USAGE);
  const folder = environmentFolder(process.env.ENVIRONMENTS || DEFAULT_FOLDER);
  const file = `${folder}/${name}.yaml`;
  const wrong = [
    ...wrongAnswer("name", name).map((why) => `the name of the environment ${why}`),
    ...ASKED.flatMap((each) =>
      given.values[each] === undefined
        ? []
        : wrongAnswer(each, given.values[each]).map((why) => `--${each} ${why}`),
    ),
  ];
  if (wrong.length > 0) throw new UserError(wrong, USAGE);
  if (existsSync(file)) throw new UserError([`${file} is there already; choose another name, or edit it`]);
  const others = hasFiles(folder) ? loadEnvironments(folder) : [];
  const answers = process.stdin.isTTY
    ? await askFor(given.values, process.stdin, process.stderr)
    : answersFrom(given.values, USAGE);
  const text = newEnvironment(
    name,
    answers,
    freeCidr(others.flatMap(({ network }) => (network.existing ? [] : [network.cidr]))),
  );
  check(text, file, others);
  write(folder, file, text);
  process.stdout.write(`${terminalText(file)}: written. Read it, and go on with
  npm run synth -- ${name}   (what would be made; who may do what is in cdktf.out/review/${name}/access.md)
  npm run demo -- ${name}   (its access, tried on this machine)
docs/deploying.md says how it gets to AWS.
`);
}

/** @throws UserError when the source is a list of files */
function environmentFolder(source: string): string {
  if (!/,|\.ya?ml$/.test(source)) return source.replace(/\/+$/, "");
  throw new UserError(["ENVIRONMENTS names files; name the folder that the new one is to be in"]);
}

/** All that is known of environment files holds for this one, too, before it is one. */
function check(text: string, file: string, others: readonly Environment[]): void {
  const loaded = others.map((environment) => ({ file: environment.file, environment }));
  try {
    parseEnvironment(
      text,
      file,
      (path) => readTextFile(resolve(dirname(file), path)),
      (environment) => problemsBetween(loaded, environment),
    );
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError([...error.messages, "Nothing was written: give other answers."]);
  }
}

function hasFiles(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).some((name) => /\.ya?ml$/.test(name));
}

function write(folder: string, file: string, text: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    // Never over a file that somebody has written meanwhile.
    writeFileSync(file, text, { flag: "wx" });
  } catch (error) {
    throw new UserError([`${file} cannot be written: ${errorCode(error)}`]);
  }
}

void exitOnUserError(main);
