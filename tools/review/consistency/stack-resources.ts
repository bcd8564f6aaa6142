import type { AccessPlan } from "../../../model/access/plan";
import { at, type Block, isBlock } from "./resource-keys";

/** A resource of a stack. */
export interface StackResource {
  /** `type.name`. */
  readonly address: string;
  readonly type: string;
  /** As the stack has it, without cdktf's own notes and the order in which Terraform makes things. */
  readonly block: unknown;
}

/** All resources of a stack, sorted by address. What is no block is one that nothing is known about. */
export function stackResources({ resource = {} }: { readonly resource?: unknown }): StackResource[] {
  if (!isBlock(resource)) return [{ address: "resource", type: "", block: resource }];
  return Object.entries(resource)
    .flatMap(([type, byName]): StackResource[] => {
      if (!isBlock(byName)) return [{ address: type, type, block: byName }];
      return Object.entries(byName).map(([name, block]) => ({
        address: `${type}.${name}`,
        type,
        block: bare(block),
      }));
    })
    .sort((left, right) => (left.address < right.address ? -1 : 1));
}

function bare(block: unknown): unknown {
  if (!isBlock(block)) return block;
  const { "//": _, depends_on: __, ...args } = block;
  return args;
}

/** A reference, and nothing else: what is put together of several is none that a plan speaks of. */
const REFERENCE = /^\$\{(\w+\.[\w-]+)\.(name|arn|metadata\[0\]\.name)\}$/;

/** Replaces references to names, and to ARNs of IAM roles, by what they stand for. All others stay as they are. */
export function withNames(
  resources: readonly StackResource[],
  { partition, account }: AccessPlan,
): (block: Block) => Block {
  const byAddress = new Map(resources.map(({ address, block }) => [address, block]));
  const text = (value: string): string => {
    const [, address = "", attribute = ""] = REFERENCE.exec(value) ?? [];
    const name = at(byAddress.get(address), attribute === "arn" ? "name" : attribute.replace("[0]", ""));
    if (typeof name !== "string") return value;
    if (attribute !== "arn") return name;
    return address.startsWith("aws_iam_role.") ? `arn:${partition}:iam::${account}:role/${name}` : value;
  };
  const any = (value: unknown): unknown => {
    if (typeof value === "string") return text(value);
    if (Array.isArray(value)) return value.map(any);
    return isBlock(value) ? block(value) : value;
  };
  const block = (value: Block): Block =>
    Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, any(inner)]));
  return block;
}
