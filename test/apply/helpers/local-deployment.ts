import { readFileSync } from "node:fs";
import { expect } from "@jest/globals";
import { type CorrectedMoto, startCorrectedMoto } from "./corrected-moto";
import { Deployed } from "./deployed";
import { motoMissing } from "./moto";
import { beyondNotKept } from "./not-kept";
import { type Changes, planned } from "./plan-json";
import { terraformMissing } from "./providers";
import { keepIamPart } from "./reduced-stack";
import { type TerraformRun, TerraformWorkspace } from "./terraform";

/** What this machine lacks to deploy to a local AWS API; undefined when nothing. */
export const missing = terraformMissing() ?? motoMissing();

/** One environment, deployed stack by stack to a local AWS API. */
export class LocalDeployment {
  private constructor(
    readonly moto: CorrectedMoto,
    readonly terraform: TerraformWorkspace,
    readonly deployed: Deployed,
  ) {}

  static async start(): Promise<LocalDeployment> {
    const moto = await startCorrectedMoto();
    return new LocalDeployment(moto, new TerraformWorkspace(moto.env), new Deployed(moto.url));
  }

  async stop(): Promise<void> {
    this.deployed.close();
    this.terraform.remove();
    await this.moto.stop();
  }

  /** Synthesises an environment file named dev; of its access stack, only the IAM part is kept. */
  synth(yaml: string): void {
    this.terraform.synth(yaml);
    keepIamPart(this.terraform, "dev-access");
  }

  /** Initialises a stack, plans it and applies that plan. */
  async deploy(stack: string): Promise<Changes> {
    succeeded(await this.terraform.init(stack));
    return this.apply(stack);
  }

  /** Plans a stack that is initialised, and applies that plan; what changed beyond what moto does not keep. */
  async apply(stack: string): Promise<Changes> {
    const changes = await planned(this.terraform, stack);
    succeeded(await this.terraform.apply(stack, "plan"));
    return beyondNotKept(stack, changes);
  }

  /** Destroys a stack; its state is empty then. */
  async destroy(stack: string): Promise<void> {
    succeeded(await this.terraform.destroy(stack));
    expect(JSON.parse(readFileSync(this.terraform.stateFile(stack), "utf8")).resources).toEqual([]);
  }
}

/** Throws with the end of what Terraform said, where the error is, unless it succeeded. */
export function succeeded({ status, text }: TerraformRun): void {
  if (status !== 0) throw new Error(text.split("\n").slice(-40).join("\n"));
}
