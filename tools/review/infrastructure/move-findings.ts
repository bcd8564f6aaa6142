import { isDeepStrictEqual } from "node:util";
import type { Finding } from "../finding";
import { differenceLine, type JsonObject, own, shown } from "./differences";
import type { Explained } from "./explained";
import { blocks } from "./moves";
import { addressOf, type StackResource } from "./resource";
import type { StackDiff } from "./stack-diff";

/**
 * What is said of resources that are there already: `moved`, `removed` and `import` blocks that are new, gone or others. What
 * becomes of the resources is told of these.
 */
export function moveFindings({ id, before, after, pairs }: StackDiff, explained: Explained): Finding[] {
  const all = [...pairs.kept.map((pair) => pair.after), ...pairs.added];
  const resources = new Map(all.map((resource) => [addressOf(resource), resource]));
  return ["moved", "removed", "import"].flatMap((part) => {
    if (isDeepStrictEqual(own(before, part), own(after, part))) return [];
    const [was, is] = [blocks(before, part), blocks(after, part)];
    const come = lacking(is, was).map((block) => finding(id, part, block, resources, explained));
    const gone = lacking(was, is).map((block): Finding => {
      const subject = `${id} ${part}`;
      const text = `${subject}: ${line(block)} is no longer said, which a state that has not followed it needs`;
      return { kind: "resource-changed", subject, text, content: { before: block } };
    });
    return come.length + gone.length > 0 ? [...come, ...gone] : [otherForm(id, part, own(after, part))];
  });
}

function finding(
  id: string,
  part: string,
  block: JsonObject,
  resources: ReadonlyMap<string, StackResource>,
  explained: Explained,
): Finding {
  const subject = `${id} ${part}`;
  if (part === "import") {
    const resource = resources.get(String(own(block, "to")));
    const known = resource !== undefined && explained(resource) !== undefined;
    const text = `${subject}: Terraform takes over ${line(block)}, and makes it what is said here`;
    return { kind: known ? "resource-changed" : "may-replace", subject, text, content: { after: block } };
  }
  const means = part === "moved" ? "is the same to Terraform" : "is what Terraform forgets or destroys";
  return {
    kind: "resource-changed",
    subject,
    text: `${subject}: ${line(block)} ${means}`,
    content: { after: block },
  };
}

/** Nothing came or went, and yet it is written otherwise. */
function otherForm(id: string, part: string, after: unknown): Finding {
  const subject = `${id} ${part}`;
  const details = [differenceLine({ path: [part], before: undefined, after })];
  const text = `${subject}: is of a form that this review does not read, or in another order`;
  return { kind: "unexplained", subject, text, details, content: { after: after ?? null } };
}

function line(block: JsonObject): string {
  return Object.entries(block)
    .map(([name, value]) => `${name} ${shown(value, 120)}`)
    .join(", ");
}

function lacking(list: readonly JsonObject[], other: readonly JsonObject[]): JsonObject[] {
  return list.filter((each) => !other.some((one) => isDeepStrictEqual(one, each)));
}
