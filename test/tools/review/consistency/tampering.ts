import type { ReadEnvironment } from "../../../../tools/review/sides/side";

// biome-ignore lint/suspicious/noExplicitAny: a part of a stack that anything may be done to
export type Anything = any;

/** One way to make a stack do what its plan does not say. */
export interface Tampering {
  /** @default dev-access */
  readonly stack?: string;
  /** What the review has to say of it. */
  readonly says: string | RegExp;
  readonly change: (stack: Anything) => void;
}

/** The one resource of a type whose address begins with this. */
export function resourceOf(stack: Anything, type: string, begins: string): Anything {
  const names = Object.keys(stack.resource[type]).filter((name) => name.startsWith(begins));
  if (names.length !== 1)
    throw new Error(`${names.length} of ${type}.${begins}: ${Object.keys(stack.resource[type])}`);
  return stack.resource[type][names[0] ?? ""];
}

/** Names of group roles, as the stack refers to them. */
export const groupReference = (stack: Anything, begins: string) =>
  `\${postgresql_role.${Object.keys(stack.resource.postgresql_role).find((name) => name.startsWith(begins))}.name}`;

export const set =
  (type: string, begins: string, values: Readonly<Record<string, unknown>>) =>
  (stack: Anything): void => {
    Object.assign(resourceOf(stack, type, begins), values);
  };

export const add =
  (type: string, block: unknown, part = "resource") =>
  (stack: Anything): void => {
    stack[part] = { ...stack[part], [type]: { ...stack[part]?.[type], extra: block } };
  };

export const remove =
  (type: string, begins: string) =>
  (stack: Anything): void => {
    resourceOf(stack, type, begins);
    for (const name of Object.keys(stack.resource[type]))
      if (name.startsWith(begins)) delete stack.resource[type][name];
  };

/** Changes a text wherever it is in one resource's argument. */
export const edit =
  (type: string, begins: string, argument: string, from: string | RegExp, to: string) =>
  (stack: Anything): void => {
    const block = resourceOf(stack, type, begins);
    const edited = String(block[argument]).replace(from, to);
    if (edited === block[argument]) throw new Error(`nothing to edit in ${block[argument]}`);
    block[argument] = edited;
  };

/** A policy that allows this on everything. */
export const ALLOW = (Action: unknown) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] });

/** A service's database user. */
export const LOGIN = ["postgresql_role", "service-orders-api_login"] as const;

/** A service's IAM role. */
export const ROLE = ["aws_iam_role", "service-orders-api_role"] as const;

/** An environment with one stack's JSON changed. */
export function tampered(
  side: ReadEnvironment,
  { stack: id = "dev-access", change }: Tampering,
): ReadEnvironment {
  const stack = JSON.parse(JSON.stringify(side.stacks.get(id)));
  change(stack);
  return { ...side, stacks: new Map([...side.stacks, [id, stack]]) };
}
