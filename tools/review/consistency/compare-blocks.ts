import { isDeepStrictEqual } from "node:util";
import { databaseUsers } from "../../../model/access/identity";
import type { AccessPlan } from "../../../model/access/plan";
import { letGo, protectedParts } from "../../../model/access/protected";
import { takenOver } from "../../../model/access/taken-over";
import { type Difference, shown } from "./difference";
import type { PlannedResource } from "./planned-resource";
import { type Block, isBlock } from "./resource-keys";

/** Parts of Terraform JSON that an access stack may have. Any other could make something that nobody here looks at. */
const PARTS: Readonly<Record<string, readonly string[] | undefined>> = {
  "//": undefined,
  data: ["aws_iam_role", "terraform_remote_state"],
  ephemeral: ["aws_secretsmanager_secret_version"],
  import: undefined,
  locals: undefined,
  moved: undefined,
  output: undefined,
  provider: ["aws", "kubernetes", "postgresql"],
  removed: undefined,
  resource: undefined,
  terraform: undefined,
};

/** The outputs of an access stack that give the IAM roles' ARNs to people. */
export const FOR_PEOPLE: readonly string[] = ["role-arns", "service-account-annotations"];

/** What is in an access stack beside its resources, and could do what the plan does not say. */
export function compareBlocks(
  plan: AccessPlan,
  stack: Block,
  covered: ReadonlyMap<string, PlannedResource>,
): Difference[] {
  const unknown = Object.entries(stack).flatMap(([part, content]): Difference[] => {
    const types = Object.hasOwn(PARTS, part) ? PARTS[part] : [];
    if (types === undefined) return [];
    if (!isBlock(content)) return [more(part, content)];
    return Object.entries(content).flatMap(([type, block]) =>
      types.includes(type) ? [] : [more(`${part}.${type}`, block)],
    );
  });
  return [
    ...unknown,
    ...compareOutputs(stack),
    ...compareLists("import", stack, plannedImports(plan, covered)),
    ...compareLists("moved", stack, plannedMoves(plan)),
    ...compareRemoved(plan, stack),
  ];
}

function more(where: string, content: unknown): Difference {
  const what = `${where} that an access stack has no use for`;
  return { what, where, detail: `${where}: ${shown(content)}`, content };
}

/** Only people are told of IAM roles and of roles in PostgreSQL: what another stack is told it could do something with. */
function compareOutputs({ output = {} }: Block): Difference[] {
  if (!isBlock(output)) return [more("output", output)];
  return Object.entries(output).flatMap(([name, block]) =>
    !FOR_PEOPLE.includes(name) && /\b(aws_iam_|postgresql_)/.test(JSON.stringify(block))
      ? [more(`output.${name}`, block)]
      : [],
  );
}

/** What is there already is taken over, not made. */
function plannedImports(plan: AccessPlan, covered: ReadonlyMap<string, PlannedResource>): Block[] {
  const { databases, identities } = plan;
  const there = databases.flatMap((database): TakenOver[] => {
    const { name, schemas, extensions = [] } = database;
    const inside = (type: string, each: string) => ({
      key: `${type} ${name} ${each}`,
      id: `${name}.${each}`,
    });
    const contents = takenOver.contents(database)
      ? [
          ...schemas.flatMap(({ managed, name: schema }) =>
            managed ? [inside("postgresql_schema", schema)] : [],
          ),
          ...extensions.map((extension) => inside("postgresql_extension", extension.name)),
        ]
      : [];
    return [
      ...schemas
        .filter((schema) => takenOver.groups(database, schema))
        .flatMap(({ groups }) => groups.map(({ role }) => roleTakenOver(role))),
      ...(takenOver.database(database) && database.connectGroup !== undefined
        ? [roleTakenOver(database.connectGroup)]
        : []),
      ...contents,
      ...(takenOver.database(database) ? [{ key: `postgresql_database ${name}`, id: name }] : []),
    ];
  });
  const logins = identities.filter((identity) => takenOver.logins(plan, identity));
  const addresses = new Map([...covered].map(([address, { key }]) => [key, address]));
  return [...there, ...logins.flatMap((identity) => databaseUsers(identity).map(roleTakenOver))].map(
    ({ key, id }) => ({
      id,
      to: addresses.get(key) ?? key,
    }),
  );
}

interface TakenOver {
  /** As {@link PlannedResource} has it. */
  readonly key: string;
  /** By which the provider finds it. */
  readonly id: string;
}

function roleTakenOver(name: string): TakenOver {
  return { key: `postgresql_role ${name}`, id: name };
}

function plannedMoves(plan: AccessPlan): Block[] {
  const address = (name: string, block = "protected") => `terraform_data.${block}[${JSON.stringify(name)}]`;
  return [
    ...protectedParts(plan).flatMap(({ name, renamedFrom }) =>
      renamedFrom === undefined ? [] : [{ from: address(renamedFrom), to: address(name) }],
    ),
    ...letGo(plan).map((name) => ({ from: address(name), to: address(name, "let-go") })),
  ];
}

function compareLists(part: string, stack: Block, planned: readonly Block[]): Difference[] {
  const content = stack[part] ?? [];
  if (!Array.isArray(content)) return [more(part, content)];
  const not = (list: readonly unknown[]) => (block: unknown) =>
    !list.some((each) => isDeepStrictEqual(each, block));
  return [
    ...content.filter(not(planned)).map((block) => more(part, block)),
    ...planned.filter(not(content)).map((block) => ({
      what: `${part} that the plan has and the stack has not`,
      where: part,
      detail: `${part}: ${shown(block)}`,
      content: block,
    })),
  ];
}

/**
 * What is forgotten stays: a login, too. Only default privileges of an owner that has another name since may be, for there
 * is nobody to take them from, and what is somebody else's since. The last part of an address is cdktf's, made of the rest.
 */
function compareRemoved({ databases, namespaces, identities }: AccessPlan, stack: Block): Difference[] {
  const notOurs = [
    ...namespaces
      .filter(({ existing }) => existing)
      .flatMap(({ name }) => [
        `kubernetes_namespace_v1.namespace-${name}_namespace_`,
        `kubernetes_network_policy_v1.namespace-${name}_network-policy_`,
        `kubernetes_config_map_v1.namespace-${name}_ca_`,
      ]),
    ...identities.flatMap((identity) =>
      identity.kind === "service" && identity.serviceAccountExists
        ? [
            `kubernetes_service_account_v1.namespace-${identity.namespace}_service-account-${identity.serviceAccount}_`,
          ]
        : [],
    ),
  ];
  const renamed = databases.flatMap(({ name, schemas }) =>
    schemas.flatMap((schema) =>
      schema.renamedFrom && schema.renamedFrom.schema !== schema.name
        ? [
            `postgresql_default_privileges.database-${name}_schema-${schema.renamedFrom.schema}_public-on-function-default_`,
          ]
        : [],
    ),
  );
  const planned = [...renamed, ...notOurs];
  const content = stack.removed ?? [];
  if (!Array.isArray(content)) return [more("removed", content)];
  const place = (block: unknown) =>
    isBlock(block) && typeof block.from === "string" ? block.from.replace(/[0-9A-F]{8}$/, "") : "";
  const expected = (block: unknown) =>
    isBlock(block) &&
    planned.includes(place(block)) &&
    isDeepStrictEqual({ ...block, from: "" }, { from: "", lifecycle: { destroy: false } });
  return [
    ...content.filter((block) => !expected(block)).map((block) => more("removed", block)),
    ...planned
      .filter((from) => !content.some((block) => place(block) === from))
      .map((from) => ({
        what: "removed that the plan has and the stack has not",
        where: "removed",
        detail: `removed: ${from}`,
        content: from,
      })),
  ];
}
