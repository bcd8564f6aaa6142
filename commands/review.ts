import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { shellWord } from "../lib/shell";
import { terminalText } from "../lib/terminal-text";
import { errorCode, exitOnUserError, UserError } from "../lib/user-error";
import { DEFAULT_FOLDER } from "../model/config/load";
import { findPlaces, Workspace } from "../tools/review/review";
import { commandLine } from "./support/arguments";
import { checkCommitted } from "./support/committed";
import { anyEnvironments, WHERE_ENVIRONMENTS_ARE } from "./support/environments";
import { formatsOf } from "./support/formats";
import { MODES, type Mode, type Outcome } from "./support/review-modes";
import { onSignals } from "./support/signals";
import { synthesiseHere } from "./support/synthesise-here";

const USAGE = `Usage: npm run review [-- <environment> …] [--base <revision or folder>] [--head <revision or folder>]
       npm run review -- [<environment> …] --at <revision or folder>
       npm run review -- [<environment> …] --log <identity or database.schema>
       npm run review -- --check
Says what a change does to access and infrastructure, and whether somebody has to approve it. Needs no AWS, Terraform or network.
Exits 0 when there is nothing to approve, 2 when there is, 1 when it cannot say.

  --base         what to compare with: a git revision, which is synthesised by its own code, or a folder: what npm run
                 synth wrote, a checkout, environment files; default: where this left the default branch
  --head         what is reviewed; default: the working tree
  --synthesised  folder with what --head was synthesised to elsewhere: where its code is not the base's, none of it runs here
  --approve      the digest that a report prints, to accept what it was printed for and nothing else
  --at           who had what then
  --log          who changed an identity's access, or everybody's to a schema, and when: a line for each commit of this branch
  --format       ${Object.keys(MODES.base.formats).join(", ")}, or several separated by commas; default text; --log has text and json
  --out          folder to write the reports to; the text is printed as well
  --check        writes nothing, and exits 1 when the committed review files are not what the environment files make

Where an environment file says review.folder, report, plan and SQL of the working tree are also written there, to be committed.
${WHERE_ENVIRONMENTS_ARE}`;

void exitOnUserError(async () => {
  const given = commandLine(USAGE, {
    names: true,
    flags: ["check"],
    values: [...Object.values(MODES).flatMap(({ options }) => options), "format", "out"],
  });
  if (!given) return;
  // Whatever ends this before there is a result has not passed.
  process.exitCode = 1;
  onSignals(() => process.exit(130));
  const { names, values, flags } = given;
  if (flags.has("check")) {
    refuse("--check", Object.keys(values), []);
    process.stdout.write(`${terminalText(checkCommitted(anyEnvironments(names)))}\n`);
    process.exitCode = 0;
    return;
  }
  const asked = values.at !== undefined ? "at" : values.log !== undefined ? "log" : "base";
  const mode: Mode = MODES[asked];
  refuse(`--${asked}`, Object.keys(values), [...mode.options, "format", "out"]);
  const formats = formatsOf(Object.keys(mode.formats), values, USAGE);
  const workspace = new Workspace();
  try {
    const context = {
      places: findPlaces(process.cwd(), process.env.ENVIRONMENTS ?? DEFAULT_FOLDER, process.env),
      names,
      workspace,
      env: process.env,
      log: (line: string) => process.stderr.write(`${terminalText(line)}\n`),
      synthesiseHere: synthesiseHere.bind(undefined, names),
    };
    const outcome = await mode.run(values, context, againBy(process.argv.slice(2)));
    report(outcome, mode, formats, values.out);
    process.exitCode = outcome.exitCode;
  } finally {
    workspace.remove();
  }
});

function refuse(asked: string, options: readonly string[], taken: readonly string[]): void {
  const others = options.filter((option) => !taken.includes(option)).map((option) => `--${option}`);
  if (others.length > 0) throw new UserError([`${asked} does not go with ${others.join(" and ")}.`], USAGE);
}

/** Writes the reports, or prints the one; what is printed beside files is the text. */
function report(
  { rendered }: Outcome,
  { formats }: Mode,
  asked: readonly string[],
  out: string | undefined,
): void {
  try {
    if (out !== undefined) mkdirSync(out, { recursive: true });
    for (const format of out === undefined ? [] : asked) {
      writeFileSync(join(out ?? "", formats[format]?.file ?? format), `${rendered(format)}\n`);
    }
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw new UserError([`${out} cannot be written to (${errorCode(error)}): --out names a folder.`]);
  }
  // Not into a file or a pipe, and not where NO_COLOR is set.
  const colour = process.stdout.isTTY && process.stdout.hasColors();
  process.stdout.write(`${rendered(out === undefined ? (asked[0] ?? "text") : "text", colour)}\n`);
}

/** How to run the review again, with another approval. */
function againBy(args: readonly string[]): string {
  const others = args.filter((arg, index) => !/^--approve(=|$)/.test(arg) && args[index - 1] !== "--approve");
  const words = others.map((arg) => (/^[\w./=,:@~-]+$/.test(arg) ? arg : shellWord(arg)));
  return ["npm run review --", ...words].join(" ");
}
