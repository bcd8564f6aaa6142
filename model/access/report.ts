import { markdownCode as code, markdownText } from "../../lib/markdown";
import { markdownTable, type Table } from "../../lib/table";
import { unreachable } from "../../lib/unreachable";
import type { Warning } from "../config/warnings";
import { LEVEL_NAMES, LEVELS } from "../postgresql/levels";
import { type BorrowedRight, borrowedRights } from "./borrowed-rights";
import { databaseUserArn, iamRoleArn } from "./iam";
import type { IdentityPlan } from "./identity";
import { accessMatrix } from "./matrix";
import { namespaceReport } from "./namespace-report";
import type { AccessPlan } from "./plan";

/** Stands for the cluster's resource id, which AWS chooses when the cluster is created. */
const CLUSTER = "<cluster resource id>";

/**
 * A page that shows a reviewer who can do what where, and by which IAM role; the same plan gives the same bytes.
 * @param warnings of the environment: those that are said on some days only are not on the page. @default none
 */
export function accessReport(plan: AccessPlan, warnings: readonly Warning[] = []): string {
  const migrators = plan.identities.filter(({ sessionRole }) => sessionRole !== undefined);
  return `${[
    `# Access to PostgreSQL in ${plan.environment}`,
    `From \`${plan.file}\`: ${counts(plan)}. Account ${plan.account}, ${plan.region}. Nobody has a password: every login is by IAM, over verified TLS.`,
    ...warningSection(warnings.filter(({ days }) => !days)),
    "## Who can do what",
    markdownTable(accessTable(plan)),
    `${LEVEL_NAMES.map((level) => `${level}: ${LEVELS[level].description}.`).join(" ")} All of it on what exists and on what is to come.`,
    "## The path to the database",
    diagram(plan),
    "## IAM roles",
    markdownTable(roleTable(plan)),
    "## Who may migrate",
    migrators.length === 0
      ? "Nobody: no identity owns a schema."
      : markdownTable({
          header: ["schema", "identity", "sessions run as"],
          rows: migrators.map(({ key, grants, sessionRole }) => [
            grants.map(({ database, schema }) => code(`${database}.${schema}`)).join(", "),
            key,
            `\`${sessionRole}\``,
          ]),
        }),
    "## Whose code runs as whom",
    borrowed(plan),
    ...namespaceReport(plan),
  ].join("\n\n")}\n`;
}

function warningSection(warnings: readonly Warning[]): string[] {
  if (warnings.length === 0) return [];
  const rows = warnings
    .map(({ key, message, accepted }) => [
      `\`${key}\``,
      markdownText(accepted === undefined ? message : `${message} (accepted: ${accepted})`),
    ])
    .sort(byText);
  return ["## Warnings", markdownTable({ header: ["key", "what to look at"], rows })];
}

function byText(left: readonly string[], right: readonly string[]): number {
  return left.join() < right.join() ? -1 : 1;
}

/** What one and several identities of a kind are called. */
const KINDS: Readonly<Record<IdentityPlan["kind"], { readonly one: string; readonly many: string }>> = {
  service: { one: "service", many: "services" },
  people: { one: "group of people", many: "groups of people" },
};

function counts(plan: AccessPlan): string {
  const schemas = plan.databases.reduce((sum, { schemas }) => sum + schemas.length, 0);
  const ofKind = (kind: string) => plan.identities.filter((identity) => identity.kind === kind).length;
  const parts: [number, string, string][] = [
    [plan.databases.length, "database", "databases"],
    [schemas, "schema", "schemas"],
    ...Object.entries(KINDS).map(([kind, { one, many }]): [number, string, string] => [
      ofKind(kind),
      one,
      many,
    ]),
  ];
  return parts.map(([count, one, many]) => `${count} ${count === 1 ? one : many}`).join(", ");
}

function accessTable(plan: AccessPlan): Table {
  const { schemas, rows } = accessMatrix(plan);
  return {
    header: ["identity", "kind", "database user", ...schemas.map(code)],
    rows: rows.map(({ identity: { key, kind, databaseUser }, cells }) => [
      key,
      kind,
      databaseUser,
      ...cells.map(({ level = "" }) => level),
    ]),
  };
}

function roleTable(plan: AccessPlan): Table {
  return {
    header: ["identity", "IAM role", "trusts", "may connect as", "at once"],
    rows: plan.identities.map((identity) => [
      identity.key,
      `\`${iamRoleArn(plan, identity)}\``,
      trusted(identity).join("<br>"),
      `\`${databaseUserArn(plan, identity, CLUSTER)}\``,
      String(identity.connectionLimit),
    ]),
  };
}

function trusted(identity: IdentityPlan): string[] {
  switch (identity.kind) {
    case "service":
      return [`ServiceAccount \`${identity.namespace}/${identity.serviceAccount}\``];
    case "people":
      return [
        ...identity.principals.map((principal) => `\`${principal}\``),
        ...(identity.requireMfa ? ["with MFA"] : []),
        ...(identity.requireSourceIdentity ? ["with a source identity"] : []),
      ];
    default:
      return unreachable(identity);
  }
}

/** Names that are listed one by one; of more it is said how many. */
const MOST_NAMES = 8;

function named(names: readonly string[]): string[] {
  const rest = names.length - MOST_NAMES;
  return rest > 0 ? [...names.slice(0, MOST_NAMES), `and ${rest} more`] : [...names];
}

/** What authors of a schema's code gain by those who use it: a row for all schemas that they reach by the same identities. */
function borrowed(plan: AccessPlan): string {
  const rows = new Map<string, { right: BorrowedRight; schemas: string[] }>();
  for (const right of borrowedRights(plan)) {
    const at = JSON.stringify([right.codeOf, right.level, right.through]);
    const row = rows.get(at);
    if (row) row.schemas.push(right.schema);
    else rows.set(at, { right, schemas: [right.schema] });
  }
  if (rows.size === 0) return "Nobody who may change a schema gains anything by those who use it.";
  const table = markdownTable({
    header: ["code of", "is written by", "runs also as", "so its authors also have"],
    rows: [...rows.values()].map(({ right: { codeOf, authors, through, level }, schemas }) => [
      code(codeOf),
      named(authors).join("<br>"),
      named(through).join("<br>"),
      `${level} on ${named(schemas.map(code)).join(", ")}`,
    ]),
  });
  return `Views, triggers, policies, defaults and functions run with the rights of whoever uses them, which nothing can forbid. Whom that is too much for needs an identity for each schema.\n\n${table}`;
}

/**
 * Identities → group roles → schemas. Each group role has one box for all who are in it, so that the picture grows with the
 * schemas and not with the services, and no two lines cross; group roles nobody is in are left out.
 */
function diagram(plan: AccessPlan): string {
  const schemas = plan.databases.flatMap(({ name, schemas }) =>
    schemas.map((schema) => ({ target: `${name}.${schema.name}`, groups: schema.groups })),
  );
  const lines = schemas.flatMap(({ target, groups }, place) =>
    groups.flatMap(({ level, role }) => {
      const members = plan.identities.filter(({ memberOf }) => memberOf.includes(role)).map(({ key }) => key);
      if (members.length === 0) return [];
      // Mermaid takes few characters in ids: a schema is known by its place among all of them.
      const id = `s${place}_${level.replace("-", "")}`;
      return [
        `  ${id}_members(["${named(members).join("<br>")}"]) --> ${id}["${role}"] -- ${level} --> s${place}[("${target}")]`,
      ];
    }),
  );
  return ["```mermaid", "flowchart LR", ...lines, "```"].join("\n");
}
