import { type AccessPlan, groupRoles } from "../../../model/access/plan";
import { PLAN_FILE } from "../../../model/access/plan-file";
import type { StackJson } from "../sides/side";
import { allowsConnect } from "./allows-connect";
import { FOR_PEOPLE } from "./compare-blocks";
import { type Difference, shown } from "./difference";
import { at, type Block, isBlock } from "./resource-keys";

/** Types that give rights in databases or in Kubernetes, or run what they like: outside of the access stack there is none. */
const GIVES_RIGHTS =
  /^(postgresql_|external$|null_resource$|terraform_data$|helm_|aws_iam_policy_document$|aws_eks_pod_identity_association$|kubernetes_(manifest|(cluster_)?role(_binding)?(_v1)?)$)/;

/** Types that hold a policy of what an IAM principal may do. */
const IDENTITY_POLICY = /^aws_iam_((role|user|group)_)?policy$/;

/** Types whose texts are for people. */
const ONLY_WORDS = ["aws_cloudwatch_metric_alarm"];

/** What other stacks of an environment do that only the access stack may: give, or run as, what the plan speaks of. */
export function compareElsewhere(plan: AccessPlan, stacks: ReadonlyMap<string, StackJson>): Difference[] {
  const names = { ...namesOf(plan), plan: JSON.stringify(plan) };
  return [...stacks].flatMap(([id, stack]) =>
    id === `${plan.environment}-access` ? [] : differencesOf(id, stack, names),
  );
}

/** What only the access stack may name. */
interface Names {
  /** Roles in IAM and PostgreSQL that it makes: nothing else is called so. */
  readonly made: ReadonlySet<string>;
  /** IAM roles that exist already, whose names may be any word. */
  readonly existing: ReadonlySet<string>;
}

/** The same, and what may name them all. */
interface Known extends Names {
  /** The plan itself, as the job that verifies is given it. */
  readonly plan: string;
}

/** Whether a ConfigMap holds the access plan, and nothing else: the job would verify by another one. */
function isPlan(data: unknown, plan: string): boolean {
  return isBlock(data) && Object.keys(data).join() === PLAN_FILE && data[PLAN_FILE] === plan;
}

function namesOf(plan: AccessPlan): Names {
  const roles = (existing: boolean) =>
    plan.identities.filter(({ kind }) => (kind === "role") === existing).map(({ iamRole }) => iamRole);
  return { made: new Set([...roles(false), ...groupRoles(plan)]), existing: new Set(roles(true)) };
}

/** Whether a text names one of {@link Names}. What is called as somebody else's role is it where IAM is meant. */
function isNamed(text: string, type: string, { made, existing }: Names): boolean {
  const role = /:role\/(?:.*\/)?([\w+=,.@-]+)/.exec(text)?.[1] ?? (type.startsWith("aws_iam_") ? text : "");
  return existing.has(role) || words(text).some((word) => made.has(word));
}

function differencesOf(id: string, stack: StackJson, names: Known): Difference[] {
  const more = (what: string, where: string, content: unknown): Difference => ({
    what: `${what} in ${id}`,
    where: `${id} ${where}`,
    detail: `${id} ${where}: ${shown(content)}`,
    content,
  });
  const modules =
    stack.module === undefined
      ? []
      : [more("a module, which nobody here looks into,", "module", stack.module)];
  return [
    ...modules,
    ...["resource", "data", "ephemeral"].flatMap((part) =>
      blocks(stack, part).flatMap(({ type, address, block }): Difference[] => {
        const reason = reasonAgainst(type, block, names);
        return reason === undefined
          ? []
          : [more(reason, part === "resource" ? address : `${part}.${address}`, block)];
      }),
    ),
  ];
}

function blocks(stack: Block, part: string): { type: string; address: string; block: unknown }[] {
  const types = stack[part] ?? {};
  if (!isBlock(types)) return [{ type: part, address: part, block: types }];
  return Object.entries(types).flatMap(([type, byName]) =>
    isBlock(byName)
      ? Object.entries(byName).map(([name, block]) => ({ type, address: `${type}.${name}`, block }))
      : [{ type, address: type, block: byName }],
  );
}

/** Why a block belongs in no stack but the access stack, or nowhere; undefined when it may be here. */
function reasonAgainst(type: string, block: unknown, names: Known): string | undefined {
  if (!isBlock(block)) return `${type} in a form that this project does not write`;
  if (GIVES_RIGHTS.test(type)) return `${type}, which gives rights that the plan does not speak of,`;
  if ("provisioner" in block) return `${type} that runs a program`;
  if (
    at(block, "metadata.annotations") !== undefined &&
    JSON.stringify(block).includes("eks.amazonaws.com/")
  ) {
    return `${type} that says which IAM role pods get`;
  }
  if (ONLY_WORDS.includes(type)) return undefined;
  if (type === "kubernetes_config_map_v1" && isPlan(block.data, names.plan)) return undefined;
  const texts = [...textsOf(block)];
  if (texts.some((text) => /rds-db:/i.test(text))) return `${type} that speaks of rds-db`;
  if (IDENTITY_POLICY.test(type) && allowsConnect(block.policy)) {
    return `${type} whose actions include rds-db:connect, or cannot be read`;
  }
  if (
    texts.some(
      (text) =>
        FOR_PEOPLE.some((output) => text.includes(`.outputs.${output}`)) || isNamed(text, type, names),
    )
  ) {
    return `${type} that names an IAM role or group role of the plan`;
  }
  return undefined;
}

function* textsOf(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) yield* textsOf(inner);
  }
}

function words(text: string): string[] {
  return text.split(/[^\w-]+/);
}
