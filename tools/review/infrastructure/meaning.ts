import { isObject, own } from "./differences";
import { referencesIn } from "./references";
import type { Stacks } from "./stacks";

/** What the names in a value of a stack stand for: locals, data sources and other stacks' outputs, be it through each other. */
export type Meaning = (stack: string, value: unknown) => Readonly<Record<string, unknown>>;

/**
 * Looks up what is said elsewhere. Whoever approves a rule for `${local.block}` has approved it for the block that it stands
 * for, and not for another.
 */
export function meanings(stacks: Stacks): Meaning {
  return (stack, value) => {
    const found: Record<string, unknown> = {};
    const todo: [stack: string, value: unknown][] = [[stack, value]];
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      const [within, text] = next;
      for (const { to } of referencesIn(within, text)) {
        const named = Object.hasOwn(found, to) ? undefined : lookUp(stacks, to);
        if (named === undefined) continue;
        found[to] = named.value;
        todo.push([named.stack, named.value]);
      }
    }
    return Object.fromEntries(Object.entries(found).sort(([left], [right]) => (left < right ? -1 : 1)));
  };
}

/** What `<stack> local.<name>`, `<stack> output.<name>` or `<stack> data.<type>.<name>` says. */
function lookUp(stacks: Stacks, name: string): { stack: string; value: unknown } | undefined {
  const [, stack = "", part = "", rest = ""] = /^(.*) (local|output|data)\.(.*)$/.exec(name) ?? [];
  const json = stacks.get(stack);
  if (!json) return undefined;
  const path = part === "data" ? ["data", ...rest.split(".")] : [part === "local" ? "locals" : part, rest];
  const value = path.reduce((at: unknown, each) => (isObject(at) ? own(at, each) : undefined), json);
  return value === undefined ? undefined : { stack, value };
}
