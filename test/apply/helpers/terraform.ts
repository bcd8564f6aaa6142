import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runScript } from "../../helpers/run";
import { providerInstallation } from "./providers";

/** What a run of Terraform said. */
export interface TerraformRun {
  readonly status: number | null;
  /** Everything it printed, stdout and stderr in order, without the line it draws beside errors. Long ones wrap at 78. */
  readonly text: string;
}

/** A run of Terraform's that has not ended. */
export interface RunningTerraform {
  readonly ended: Promise<TerraformRun>;
  /** Waits until it has printed this; throws when it ends without. */
  readonly said: (sentence: RegExp) => Promise<void>;
  /** Waits until it has printed nothing for a second: it only waits itself, and has written its state. */
  readonly quiet: () => Promise<void>;
  /** What Ctrl-C does. */
  readonly interrupt: () => void;
  /** Ends it and its providers without a chance to tidy up, as a lost CI runner does. */
  readonly kill: () => void;
}

/**
 * A temporary folder with the synthesised stacks of environment files, as a rule of one. Each runs in its own directory
 * (`cdktf.out/stacks/<id>`) and has its own state file in the folder, as with `cdktf deploy`.
 */
export class TerraformWorkspace {
  readonly folder = mkdtempSync(join(tmpdir(), "terraform-"));
  /** Variables that Terraform runs with. */
  readonly env: Readonly<NodeJS.ProcessEnv>;

  /** @param env variables for Terraform, such as those of a local AWS API */
  constructor(env: Readonly<NodeJS.ProcessEnv>) {
    const config = join(this.folder, "cli.tfrc");
    writeFileSync(config, providerInstallation());
    this.env = { ...env, TF_CLI_CONFIG_FILE: config, TF_IN_AUTOMATION: "1" };
  }

  /** Synthesises environment files, over what was there; states stay. Throws with what `npm run synth` said. */
  synth(...files: readonly string[]): void {
    const paths = files.map((_, index) => join(this.folder, `environment${index || ""}.yaml`));
    for (const [index, path] of paths.entries()) writeFileSync(path, files[index] ?? "");
    const env = { ENVIRONMENTS: paths.join(), CDKTF_OUTDIR: join(this.folder, "cdktf.out") };
    const { status, stdout, stderr } = runScript("synth", [], { env });
    if (status !== 0) throw new Error(`synth failed: ${stdout}${stderr}`);
  }

  /** The directory of a stack. */
  directory(stack: string): string {
    return join(this.folder, "cdktf.out/stacks", stack);
  }

  /** The state file of a stack. */
  stateFile(stack: string): string {
    return join(this.folder, `terraform.${stack}.tfstate`);
  }

  init(stack: string): Promise<TerraformRun> {
    return this.run(stack, "init", "-input=false");
  }

  /** Plans. Exit status 0: no change; 1: it failed; 2: there are changes. */
  plan(stack: string, ...args: readonly string[]): Promise<TerraformRun> {
    return this.run(stack, "plan", "-input=false", "-lock-timeout=60s", "-detailed-exitcode", ...args);
  }

  apply(stack: string, ...args: readonly string[]): Promise<TerraformRun> {
    return this.run(stack, "apply", "-input=false", "-lock-timeout=60s", "-auto-approve", ...args);
  }

  destroy(stack: string): Promise<TerraformRun> {
    return this.apply(stack, "-destroy");
  }

  /** The outputs of a stack by name, sensitive ones included. */
  async outputs(stack: string): Promise<Record<string, unknown>> {
    const { status, text } = await this.run(stack, "output", "-json");
    if (status !== 0) throw new Error(text);
    const outputs: Record<string, { readonly value: unknown }> = JSON.parse(text);
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  /** Runs any command of Terraform's in the directory of a stack. */
  run(stack: string, command: string, ...args: readonly string[]): Promise<TerraformRun> {
    return this.start(stack, command, ...args).ended;
  }

  /** Starts any command of Terraform's in the directory of a stack. */
  start(stack: string, command: string, ...args: readonly string[]): RunningTerraform {
    const json = args.includes("-json");
    const child = spawn("terraform", [command, ...(json ? [] : ["-no-color"]), ...args], {
      cwd: this.directory(stack),
      env: { ...process.env, CHECKPOINT_DISABLE: "1", ...this.env, TF_APPEND_USER_AGENT: `stack/${stack}` },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, so that a signal reaches Terraform's providers too.
      detached: true,
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
    }
    const ended = new Promise<TerraformRun>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (status) => resolve({ status, text: json ? text : withoutBoxes(text) }));
    });
    const said = async (sentence: RegExp) => {
      while (!sentence.test(text)) {
        if (child.exitCode !== null) throw new Error(`Terraform ended without ${sentence}: ${text}`);
        await sleep(50);
      }
    };
    const quiet = async () => {
      for (let before = -1; before !== text.length; await sleep(1_000)) before = text.length;
    };
    return {
      ended,
      said,
      quiet,
      interrupt: () => child.kill("SIGINT"),
      kill: () => process.kill(-(child.pid ?? 0), "SIGKILL"),
    };
  }

  /** Removes the folder, states included. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Terraform draws a line to the left of errors; tests read sentences. */
function withoutBoxes(text: string): string {
  return text.replace(/^[│╷╵] ?/gm, "");
}
