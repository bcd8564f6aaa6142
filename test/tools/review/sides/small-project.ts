import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { UserError } from "../../../../lib/user-error";
import type { SideContext, SynthesiseHere } from "../../../../tools/review/sides/open-side";
import { type NamedSides, openSides, type Sides } from "../../../../tools/review/sides/open-sides";
import { findPlaces } from "../../../../tools/review/sides/places";
import type { EnvironmentSide, Side } from "../../../../tools/review/sides/side";
import { Workspace } from "../../../../tools/review/sides/workspace";
import { GIT_ENV, GitRepository } from "../../../helpers/git-repository";

/** A synth that takes no time: a plan says what is in the file, and which code made it. */
const SYNTH = `const { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { ENVIRONMENTS, CDKTF_OUTDIR } = process.env;
const files = ENVIRONMENTS.split(",").flatMap((path) =>
  statSync(path).isDirectory() ? readdirSync(path).filter((name) => name.endsWith(".yaml")).map((name) => join(path, name)) : path);
const found = files.map((file) => ({ file, text: readFileSync(file, "utf8") }))
  .map((each) => ({ ...each, environment: /^name: (.*)/.exec(each.text)[1] }));
const names = process.argv.slice(2);
if (names.some((name) => !found.some(({ environment }) => environment === name))) {
  console.error("there is no such environment");
  process.exit(1);
}
const { made } = require("./made.js");
for (const { file, text, environment } of found) {
  if (text.includes("mistake")) {
    console.error(join(process.cwd(), file) + ":2:1: this is a mistake");
    process.exit(1);
  }
  if (names.length > 0 && !names.includes(environment)) continue;
  mkdirSync(join(CDKTF_OUTDIR, "review", environment), { recursive: true });
  mkdirSync(join(CDKTF_OUTDIR, "stacks", environment + "-access"), { recursive: true });
  const given = /^plan: (.*)$/m.exec(text)?.[1];
  const plan = { version: 1, environment, file, text, made, ...JSON.parse(given ?? "{}") };
  writeFileSync(join(CDKTF_OUTDIR, "review", environment, "access-plan.json"), JSON.stringify(plan));
  writeFileSync(join(CDKTF_OUTDIR, "stacks", environment + "-access", "cdk.tf.json"), "{}");
}
`;

/** What a test sees of a side: of each environment the file, its text, and the code that made it; or the problem. */
export type Seen = Readonly<Record<string, string>>;

/** A project that is in git, and small. */
export class SmallProject extends GitRepository {
  /** What was said while sides were made. */
  readonly said: string[] = [];

  constructor() {
    super();
    this.write("package.json", JSON.stringify({ scripts: { synth: "node synth.js" } }));
    this.write("package-lock.json", "{}");
    this.write(".gitignore", "node_modules/\ncdktf.out/\n*.log\n");
    this.write("synth.js", SYNTH);
    this.write("made.js", 'exports.made = "first";\n');
    this.write("environments/dev.yaml", "name: dev\n");
    mkdirSync(join(this.folder, "node_modules"));
  }

  /** Makes sides; nothing of them is left afterwards. */
  sides(named: NamedSides, options: Options = {}): Promise<Sides> {
    return this.using(options, (context) => openSides(named, context));
  }

  /** Does something with sides; nothing of them is left afterwards. */
  async using<T>(options: Options, make: (context: SideContext) => Promise<T>): Promise<T> {
    const workspace = new Workspace();
    const { project = this.folder, environments = "environments", names = [], env = {} } = options;
    const variables = { PATH: process.env.PATH, ...GIT_ENV, ...env };
    const begin = async () =>
      make({
        places: findPlaces(project, environments, variables),
        names,
        workspace,
        env: variables,
        log: (line) => this.said.push(line),
        synthesiseHere: synthesiseHere(project),
      });
    const made = await begin().finally(() => workspace.remove());
    if (existsSync(workspace.folder)) throw new Error(`${workspace.folder} is still there`);
    return made;
  }
}

/** How sides are made. */
export interface Options {
  readonly project?: string;
  readonly environments?: string;
  readonly names?: readonly string[];
  readonly env?: Readonly<NodeJS.ProcessEnv>;
}

/** What the code that runs makes of the files: the same, and says that it was here. */
function synthesiseHere(project: string): SynthesiseHere {
  return (source, outdir, named = (file) => file) => {
    const paths = source.split(",").map((path) => (path.startsWith("/") ? path : join(project, path)));
    const files = paths.flatMap((path) =>
      path.endsWith(".yaml") ? path : readdirSync(path).map((name) => join(path, name)),
    );
    for (const file of files.filter((each) => each.endsWith(".yaml"))) {
      const text = readFileSync(file, "utf8");
      if (text.includes("mistake")) throw new UserError([`${file}:2:1: this is a mistake`]);
      const environment = /^name: (.*)/.exec(text)?.[1] ?? "";
      const ofSource = source.startsWith("/") ? file : relative(project, file);
      const plan = { version: 1, environment, file: named(ofSource), text, made: "here" };
      mkdirSync(join(outdir, "review", environment), { recursive: true });
      mkdirSync(join(outdir, "stacks", `${environment}-access`), { recursive: true });
      writeFileSync(join(outdir, "review", environment, "access-plan.json"), JSON.stringify(plan));
      writeFileSync(join(outdir, "stacks", `${environment}-access`, "cdk.tf.json"), "{}");
    }
  };
}

/** What is in a side. */
export function seen({ environments, problem }: Side): Seen {
  if (problem !== undefined) return { problem };
  return Object.fromEntries([...environments].map(([name, side]) => [name, shown(side)]));
}

function shown(side: EnvironmentSide): string {
  if ("problem" in side) return side.problem;
  const { file, text, made }: Readonly<Record<string, unknown>> = { ...side.plan };
  return `${String(file)}: ${JSON.stringify(text)} by ${String(made)}`;
}

/** A folder that is removed by whoever made it. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "folder-"));
}

/** Removes what is there. */
export function removeAll(...folders: readonly (string | undefined)[]): void {
  for (const folder of folders) if (folder && existsSync(folder)) rmSync(folder, { recursive: true });
}
