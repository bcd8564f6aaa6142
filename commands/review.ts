import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { quote, suggestion } from "../lib/nearest";
import { shellWord } from "../lib/shell";
import { terminalText } from "../lib/terminal-text";
import { exitOnUserError, UserError } from "../lib/user-error";
import { DEFAULT_FOLDER } from "../model/config/load";
import { findPlaces, openSides, REPORTS, type Review, reviewSides, Workspace } from "../tools/review/review";
import { commandLine } from "./support/arguments";
import { checkCommitted } from "./support/committed";
import { anyEnvironments, WHERE_ENVIRONMENTS_ARE } from "./support/environments";
import { onSignals } from "./support/signals";
import { synthesiseHere } from "./support/synthesise-here";

const USAGE = `Usage: npm run review [-- <environment> …] [--base <revision or folder>] [--head <revision or folder>]
       npm run review -- --check
Says what a change does to access and infrastructure, and whether somebody has to approve it. Needs no AWS, Terraform or network.
Exits 0 when there is nothing to approve, 2 when there is, 1 when it cannot say.

  --base         what to compare with: a git revision, which is synthesised by its own code, or a folder: what npm run
                 synth wrote, a checkout, environment files; default: where this left the default branch
  --head         what is reviewed; default: the working tree
  --synthesised  folder with what --head was synthesised to elsewhere: where its code is not the base's, none of it runs here
  --approve      the digest that a report prints, to accept what it was printed for and nothing else
  --format       ${Object.keys(REPORTS).join(", ")}, or several separated by commas; default text
  --out          folder to write the reports to; the text is printed as well
  --check        writes nothing, and exits 1 when the committed review files are not what the environment files make

Where an environment file says review.folder, report, plan and SQL of the working tree are also written there, to be committed.
${WHERE_ENVIRONMENTS_ARE}`;

void exitOnUserError(async () => {
  const given = commandLine(USAGE, {
    names: true,
    flags: ["check"],
    values: ["base", "head", "synthesised", "approve", "format", "out"],
  });
  if (!given) return;
  // Whatever ends this before there is a result has not passed.
  process.exitCode = 1;
  onSignals(() => process.exit(130));
  const { names, values, flags } = given;
  if (flags.has("check")) {
    process.stdout.write(`${terminalText(checkCommitted(anyEnvironments(names)))}\n`);
    process.exitCode = 0;
    return;
  }
  const formats = formatsOf(values.format, values.out);
  const workspace = new Workspace();
  try {
    const { base, head, findings } = await openSides(values, {
      places: findPlaces(process.cwd(), process.env.ENVIRONMENTS ?? DEFAULT_FOLDER, process.env),
      names,
      workspace,
      env: process.env,
      log: (line) => process.stderr.write(`${terminalText(line)}\n`),
      synthesiseHere: (...where) => synthesiseHere(names, ...where),
    });
    const review = reviewSides(base, head, { names, findings, approved: values.approve });
    report(review, formats, values.out);
    process.exitCode = review.outcome === "approval needed" ? 2 : 0;
  } finally {
    workspace.remove();
  }
});

function formatsOf(text = "text", out: string | undefined): string[] {
  const formats = text.split(",");
  const unknown = formats.filter((format) => !Object.hasOwn(REPORTS, format));
  if (unknown.length > 0) {
    throw new UserError(
      unknown.map(
        (format) => `There is no format ${quote(format)}.${suggestion(format, Object.keys(REPORTS))}`,
      ),
      USAGE,
    );
  }
  if (formats.length > 1 && out === undefined) {
    throw new UserError(["Several formats need --out, a folder to write them to."], USAGE);
  }
  return formats;
}

/** Writes the reports, or prints the one; what is printed beside files is the text. */
function report(review: Review, formats: readonly string[], out: string | undefined): void {
  const command = againBy(process.argv.slice(2));
  const rendered = (format: string) => `${REPORTS[format]?.render(review, command)}\n`;
  if (out !== undefined) {
    mkdirSync(out, { recursive: true });
    for (const format of formats) writeFileSync(join(out, REPORTS[format]?.file ?? format), rendered(format));
  }
  process.stdout.write(rendered(out === undefined ? (formats[0] ?? "text") : "text"));
}

/** How to run the review again, with another approval. */
function againBy(args: readonly string[]): string {
  const others = args.filter((arg, index) => !/^--approve(=|$)/.test(arg) && args[index - 1] !== "--approve");
  return [
    "npm run review --",
    ...others.map((arg) => (/^[\w./=,:@~-]+$/.test(arg) ? arg : shellWord(arg))),
  ].join(" ");
}
