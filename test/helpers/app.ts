import type { Environment } from "../../model/config/environment";
import type { TerraformJson } from "./construct";
import { keptSynthesis } from "./kept-synthesis";

/** The Terraform JSON of every stack of some environments, by stack id. */
export function synthApp(...environments: readonly Environment[]): Map<string, TerraformJson> {
  const stacks = keptSynthesis("cdktf", environments, () => {
    // Loaded when it is needed: that takes longer than to read what another file has synthesised.
    const { synthNow }: typeof import("./synth-by-cdktf") = require("./synth-by-cdktf");
    return synthNow(...environments);
  });
  return new Map(stacks.map(([id, json]) => [id, JSON.parse(json)]));
}

/** One stack of {@link synthApp}; fails when there is none of that id. */
export function stackOf(stacks: ReadonlyMap<string, TerraformJson>, id: string): TerraformJson {
  const found = stacks.get(id);
  if (!found) throw new Error(`no stack ${id} among ${[...stacks.keys()].join(", ")}`);
  return found;
}

/**
 * Reads the stacks of an environment by their layer, such as `access`.
 * @param changes what somebody has changed in the JSON of some. @default nothing
 */
export function layersOf(
  environment: Environment,
  changes: Readonly<Record<string, (json: string) => string>> = {},
): (layer: string) => TerraformJson {
  const stacks = synthApp(environment);
  return (layer) => {
    const stack = stackOf(stacks, `${environment.name}-${layer}`);
    const change = changes[layer];
    return change ? JSON.parse(change(JSON.stringify(stack))) : stack;
  };
}

/** `type.name` of every resource of a stack, sorted. */
export function addresses(stack: TerraformJson): string[] {
  return Object.entries(stack.resource ?? {})
    .flatMap(([type, byName]) => Object.keys(byName).map((name) => `${type}.${name}`))
    .sort();
}

/** Every text anywhere in a value, with its path. */
export function texts(value: unknown, path = ""): { path: string; text: string }[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => texts(item, path === "" ? key : `${path}/${key}`));
}
