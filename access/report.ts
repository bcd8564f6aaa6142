import { databaseUserArn, iamRoleArn } from "./iam";
import { accessMatrix, type Table } from "./matrix";
import type { AccessPlan, IdentityPlan } from "./plan";

/** Stands for the cluster's resource id, which AWS chooses when the cluster is created. */
const CLUSTER = "<cluster resource id>";

/** A page that shows a reviewer who can do what where, and by which IAM role; the same plan gives the same bytes. */
export function accessReport(plan: AccessPlan): string {
  const migrators = plan.identities.filter(({ sessionRole }) => sessionRole !== undefined);
  return `${[
    `# Access to PostgreSQL in ${plan.environment}`,
    `From \`${plan.file}\`: ${counts(plan)}. Account ${plan.account}, ${plan.region}. Nobody has a password: every login is by IAM, over verified TLS.`,
    "## Who can do what",
    markdownTable(accessMatrix(plan)),
    "read-only: SELECT. read-write: also INSERT, UPDATE, DELETE. owner: creates and changes tables, for migrations. All of them on tables that exist and on those to come.",
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
            grants.map(({ database, schema }) => `${database}.${schema}`).join(", "),
            key,
            `\`${sessionRole}\``,
          ]),
        }),
  ].join("\n\n")}\n`;
}

function counts(plan: AccessPlan): string {
  const schemas = plan.databases.reduce((sum, { schemas }) => sum + schemas.length, 0);
  const services = plan.identities.filter(({ kind }) => kind === "service").length;
  const parts: [number, string, string][] = [
    [plan.databases.length, "database", "databases"],
    [schemas, "schema", "schemas"],
    [services, "service", "services"],
    [plan.identities.length - services, "group of people", "groups of people"],
  ];
  return parts.map(([count, one, many]) => `${count} ${count === 1 ? one : many}`).join(", ");
}

function roleTable(plan: AccessPlan): Table {
  return {
    header: ["identity", "IAM role", "trusts", "may connect as"],
    rows: plan.identities.map((identity) => [
      identity.key,
      `\`${iamRoleArn(plan, identity)}\``,
      trusted(identity).join("<br>"),
      `\`${databaseUserArn(plan, identity, CLUSTER)}\``,
    ]),
  };
}

function trusted({ service, principals = [] }: IdentityPlan): string[] {
  return service
    ? [`ServiceAccount \`${service.namespace}/${service.serviceAccount}\``]
    : principals.map((principal) => `\`${principal}\``);
}

/** Most identities a box of the diagram lists by name; of more it says how many. */
const NAMES_IN_BOX = 8;

/**
 * Identities → group roles → schemas. Identities with the same grants share a box, so that the picture grows with the
 * kinds of access and not with the services; group roles nobody is in are left out.
 */
function diagram(plan: AccessPlan): string {
  const alike = new Map<string, IdentityPlan[]>();
  for (const identity of plan.identities) {
    const key = identity.memberOf.join(" ");
    alike.set(key, [...(alike.get(key) ?? []), identity]);
  }
  const lines: string[] = [];
  const used = new Set<string>();
  [...alike.values()].forEach((identities, index) => {
    const names = identities.map(({ key }) => key);
    const shown = names.slice(0, NAMES_IN_BOX).join("<br>");
    const rest = names.length - NAMES_IN_BOX;
    lines.push(`  i${index}(["${shown}${rest > 0 ? `<br>and ${rest} more` : ""}"])`);
    for (const { database, schema, privilege } of identities[0]?.grants ?? []) {
      const target = `${database}.${schema}`;
      lines.push(`  i${index} --> ${nodeId(plan, target)}_${privilege.replace("-", "")}`);
      used.add(`${target} ${privilege}`);
    }
  });
  for (const { name, schemas } of plan.databases) {
    for (const { name: schema, groups } of schemas) {
      const target = `${name}.${schema}`;
      for (const [privilege, group] of Object.entries(groups)) {
        if (!used.has(`${target} ${privilege}`)) continue;
        const id = nodeId(plan, target);
        lines.push(
          `  ${id}_${privilege.replace("-", "")}["${group}"] -- ${privilege} --> ${id}[("${target}")]`,
        );
      }
    }
  }
  return ["```mermaid", "flowchart LR", ...lines, "```"].join("\n");
}

/** A name that Mermaid takes for any schema: by its place among all of them. */
function nodeId(plan: AccessPlan, target: string): string {
  const all = plan.databases.flatMap(({ name, schemas }) =>
    schemas.map((schema) => `${name}.${schema.name}`),
  );
  return `s${all.indexOf(target)}`;
}

function markdownTable({ header, rows }: Table): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}
