import { isDeepStrictEqual } from "node:util";
import { groupBy } from "../../../lib/group-by";
import type { FindingKind } from "../../../model/config/review/kinds";
import type { Finding } from "../finding";
import { differenceLine, differences, type JsonObject, own, shown } from "./differences";
import type { Explained } from "./explained";
import { blocks } from "./moves";
import { addressOf, labelOf, type StackResource } from "./resource";
import type { StackDiff } from "./stack-diff";

/** What a block says that came or went. */
interface Said {
  readonly kind: FindingKind;
  /** The block, for one line. */
  readonly block: string;
  /** What follows from it. */
  readonly means: string;
  readonly content: unknown;
}

/**
 * What is said of resources that are there already: `moved`, `removed` and `import` blocks that are new, gone or others. What
 * becomes of the resources is told of these.
 */
export function moveFindings({ id, before, after, pairs }: StackDiff, explained: Explained): Finding[] {
  const all = [...pairs.kept.map((pair) => pair.after), ...pairs.added];
  const resources = new Map(all.map((resource) => [addressOf(resource), resource]));
  const told = new Set(pairs.removed.map(addressOf));
  return ["moved", "removed", "import"].flatMap((part) => {
    if (isDeepStrictEqual(own(before, part), own(after, part))) return [];
    const [was, is] = [blocks(before, part), blocks(after, part)];
    const come = lacking(is, was);
    const gone = lacking(was, is);
    if (come.length + gone.length === 0) return [otherForm(id, part, own(after, part))];
    return together(`${id} ${part}`, [
      // That a resource is forgotten is told of the resource.
      ...come
        .filter((block) => part !== "removed" || !forgets(block) || !told.has(String(own(block, "from"))))
        .map((block) => saidBy(part, block, resources, explained)),
      ...gone.map(
        (block): Said => ({
          kind: "resource-changed",
          block: line(block, resources),
          means: "is no longer said, which a state that has not followed it needs",
          content: { before: block },
        }),
      ),
    ]);
  });
}

function saidBy(
  part: string,
  block: JsonObject,
  resources: ReadonlyMap<string, StackResource>,
  explained: Explained,
): Said {
  const said = { block: line(block, resources), content: { after: block } };
  if (part === "import") {
    const resource = resources.get(String(own(block, "to")));
    const known = resource !== undefined && explained(resource) !== undefined;
    const means = "is what Terraform takes over, and makes what is said here";
    return { ...said, kind: known ? "resource-changed" : "may-replace", means };
  }
  const removed = forgets(block)
    ? "is what Terraform forgets where it has it, and does not destroy"
    : "is what Terraform forgets or destroys";
  return {
    ...said,
    kind: "resource-changed",
    means: part === "moved" ? "is the same to Terraform" : removed,
  };
}

/** One finding for all blocks that mean the same; what may replace something is read by itself. */
function together(subject: string, said: readonly Said[]): Finding[] {
  const groups = groupBy(said, ({ kind, means, block }) =>
    JSON.stringify([kind, means, kind === "may-replace" && block]),
  );
  return [...groups.values()].flatMap((group): Finding[] => {
    const [first] = group;
    if (!first) return [];
    const { kind, block, means, content } = first;
    if (group.length === 1) return [{ kind, subject, text: `${subject}: ${block} ${means}`, content }];
    const text = `${subject}: ${block} and ${group.length - 1} more: ${means}`;
    const details = group.map((each) => each.block);
    return [{ kind, subject, text, details, content: group.map((each) => each.content) }];
  });
}

/** Whether a `removed` block says that, and nothing else. */
function forgets(block: JsonObject): boolean {
  return isDeepStrictEqual(
    differences(block, { from: own(block, "from"), lifecycle: { destroy: false } }),
    [],
  );
}

/** Nothing came or went, and yet it is written otherwise. */
function otherForm(id: string, part: string, after: unknown): Finding {
  const subject = `${id} ${part}`;
  const details = [differenceLine({ path: [part], before: undefined, after })];
  const text = `${subject}: is of a form that this review does not read, or in another order`;
  return { kind: "unexplained", subject, text, details, content: { after: after ?? null } };
}

/** A block for one line: what is taken over as people call it, and what is forgotten without cdktf's hash. */
function line(block: JsonObject, resources: ReadonlyMap<string, StackResource>): string {
  if (forgets(block)) return shown(own(block, "from"), 120).replace(/_[0-9A-F]{8}$/, "");
  const { to, id, ...rest } = block;
  const resource = resources.get(String(to));
  if (resource && id !== undefined && Object.keys(rest).length === 0) {
    return `${labelOf(resource)} by the id ${shown(id, 120)}`;
  }
  return Object.entries(block)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name} ${shown(value, 120)}`)
    .join(", ");
}

function lacking(list: readonly JsonObject[], other: readonly JsonObject[]): JsonObject[] {
  return list.filter((each) => !other.some((one) => isDeepStrictEqual(one, each)));
}
