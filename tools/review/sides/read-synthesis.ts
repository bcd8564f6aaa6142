import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { errorCode } from "../../../lib/user-error";
import { RULES_FILE, readRules } from "../../../model/config/review/rules-file";
import type { EnvironmentSide, ReadEnvironment, Side, StackJson } from "./side";

/** Version of the access plan and of the review's rules that this review can read. */
const VERSION = 1;

/** Why a file of a synthesis cannot be read. */
class Unreadable extends Error {}

/**
 * Reads what a synthesis wrote. What of it cannot be read becomes the problem of its environment, never an empty one: also
 * a stack of an environment that has no plan.
 * @param folder `cdktf.out`, by whatever name
 * @param name what to call the side
 */
export function readSynthesis(folder: string, name: string): Side {
  try {
    const stackIds = namesIn(folder, "stacks");
    const environments = new Set([...namesIn(folder, "review"), ...stackIds.map(environmentOf)]);
    const read = [...environments].sort().map((environment): [string, EnvironmentSide] => {
      const ids = stackIds.filter((id) => environmentOf(id) === environment);
      return [environment, readEnvironment(folder, environment, ids)];
    });
    return { name, environments: new Map(read) };
  } catch (error) {
    return { name, environments: new Map(), problem: reasonOf(error) };
  }
}

function readEnvironment(folder: string, environment: string, stackIds: readonly string[]): EnvironmentSide {
  try {
    const file = (name: string) => readJson(folder, join("review", environment, name));
    const plan: ReadEnvironment["plan"] = ofVersion(file("access-plan.json"), "access-plan.json");
    if (plan.environment !== environment) throw new Unreadable("access-plan.json is of another environment");
    const stack = (id: string): StackJson => readJson(folder, join("stacks", id, "cdk.tf.json"));
    const stacks = new Map(stackIds.map((id) => [id, stack(id)]));
    const beside = filesBeside(folder, stackIds);
    const ruled = namesIn(folder, join("review", environment)).includes(RULES_FILE);
    if (!ruled) return { plan, stacks, beside };
    const rules = readRules(ofVersion(file(RULES_FILE), RULES_FILE));
    if ("problem" in rules) throw new Unreadable(rules.problem);
    return { plan, stacks, beside, rules };
  } catch (error) {
    const folders = [join("review", environment), ...stackIds.map((id) => join("stacks", id))];
    return { problem: reasonOf(error), bytes: bytesOf(folder, folders) };
  }
}

/** What Terraform reads of a folder, by name; JSON of the stack itself aside. */
const READ_BY_TERRAFORM = /\.(tf|tofu)(\.json)?$|\.tfvars(\.json)?$/;

function filesBeside(folder: string, stackIds: readonly string[]): ReadonlyMap<string, string> {
  const names = stackIds.flatMap((id) => namesIn(folder, join("stacks", id)).map((name) => `${id}/${name}`));
  return new Map(
    names
      .filter((name) => READ_BY_TERRAFORM.test(name) && !name.endsWith("/cdk.tf.json"))
      .map((name) => [name, at(`stacks/${name}`, () => readFileSync(join(folder, "stacks", name), "utf8"))]),
  );
}

/** What stands for every byte in folders: whoever approves what nobody could read approves no other. */
function bytesOf(folder: string, folders: readonly string[]): string {
  const hash = createHash("sha256");
  for (const each of folders) {
    const files = existsSync(join(folder, each))
      ? readdirSync(join(folder, each), { withFileTypes: true })
      : [];
    for (const name of files
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name)
      .sort()) {
      const bytes = readFileSync(join(folder, each, name));
      hash.update(JSON.stringify([each, name, bytes.length])).update(bytes);
    }
  }
  return hash.digest("hex");
}

/** Names of an environment's stacks begin with its own. */
function environmentOf(stackId: string): string {
  return stackId.slice(0, stackId.lastIndexOf("-"));
}

function namesIn(folder: string, name: string): string[] {
  return at(name, () => readdirSync(join(folder, name)).sort());
}

// biome-ignore lint/suspicious/noExplicitAny: what another version wrote
function readJson(folder: string, file: string): any {
  return at(file, () => JSON.parse(readFileSync(join(folder, file), "utf8")));
}

// biome-ignore lint/suspicious/noExplicitAny: what another version wrote
function ofVersion(json: any, file: string): any {
  if (json?.version === VERSION) return json;
  throw new Unreadable(
    `${file} is of version ${String(json?.version)}; this review reads version ${VERSION}`,
  );
}

/** Errors name the file as it is in the synthesis: where that is differs from machine to machine. */
function at<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Unreadable(`${file}: ${error instanceof SyntaxError ? "is not JSON" : errorCode(error)}`);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Unreadable) return error.message;
  throw error;
}
