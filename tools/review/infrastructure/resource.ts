import { createHash } from "node:crypto";
import { isObject, type JsonObject, own } from "./differences";

/** A resource of a stack. */
export interface StackResource {
  readonly stack: string;
  readonly type: string;
  /** Its name in Terraform. */
  readonly name: string;
  /** What it is made of, without what cdktf notes beside it. */
  readonly body: JsonObject;
  /** What cdktf notes beside it. */
  readonly note: unknown;
}

/** The resource of a type and a name, as a stack has it. */
export function stackResource(stack: string, type: string, name: string, json: JsonObject): StackResource {
  const { "//": note, ...body } = json;
  return { stack, type, name, body, note };
}

/** Terraform's address of a resource. */
export function addressOf({ type, name }: StackResource): string {
  return `${type}.${name}`;
}

/** What findings about a resource are about. */
export function subjectOf(resource: StackResource): string {
  return `${resource.stack} ${labelOf(resource)}`;
}

/**
 * What people call a resource, such as `aurora/cluster (aws_rds_cluster)`: the construct path that cdktf noted, if the name follows from it: a note is no proof, and nothing must be able to call itself
 * by another's name.
 */
export function labelOf({ stack, type, name, note }: StackResource): string {
  const metadata = isObject(note) ? own(note, "metadata") : undefined;
  const path = isObject(metadata) ? own(metadata, "path") : undefined;
  if (typeof path !== "string" || !path.startsWith(`${stack}/`)) return `${type}.${name}`;
  const parts = path.slice(stack.length + 1).split("/");
  return name === nameOf(parts) ? `${parts.join("/")} (${type})` : `${type}.${name}`;
}

/** The name that cdktf makes of a path: its parts, but for what the part before ends with, and a hash of it all. */
function nameOf(parts: readonly string[]): string {
  if (parts.length === 1) return parts.join();
  const read = parts.filter((part, index) => index === 0 || !parts[index - 1]?.endsWith(part));
  const hash = createHash("md5").update(parts.join("/")).digest("hex").slice(0, 8).toUpperCase();
  return `${read.join("_")}_${hash}`;
}
