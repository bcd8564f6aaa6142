import { TerraformStack, Testing } from "cdktf";
import { speedUpSynthesis } from "../../stacks/speed-up-synthesis";

/** One block of Terraform JSON: argument → value. */
export type Block = Readonly<Record<string, unknown>>;

/** Terraform JSON as the tests read it: section → type → name → block. */
export type TerraformJson = Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, Block>>>>>
>;

/** Synthesises constructs alone in a stack, without a provider, and reads the Terraform JSON back. */
export function synthConstruct(build: (stack: TerraformStack) => void): TerraformJson {
  speedUpSynthesis();
  const stack = new TerraformStack(Testing.app(), "test");
  build(stack);
  return JSON.parse(Testing.synth(stack));
}

/** All resources of a type, by name. */
export function resources(json: TerraformJson, type: string): Readonly<Record<string, Block>> {
  return json.resource?.[type] ?? {};
}

/** The only resource of a type; fails when there is none or more than one. */
export function only(json: TerraformJson, type: string): Block {
  const found = Object.entries(resources(json, type));
  const [first] = found;
  if (!first || found.length > 1) {
    throw new Error(`expected one ${type}, found ${found.length}: ${found.map(([name]) => name).join(", ")}`);
  }
  return first[1];
}
