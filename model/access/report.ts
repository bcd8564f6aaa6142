import { groupBy } from "../../lib/group-by";
import { markdownCode as code, markdownText } from "../../lib/markdown";
import { markdownTable } from "../../lib/table";
import type { Warning } from "../config/warnings";
import { acceptedSections } from "./accepted-report";
import { borrowedSection } from "./borrowed-report";
import { extensionSections } from "./extension-report";
import { identitySection } from "./identity-report";
import { whatItIs } from "./kinds-in-words";
import { matrixSection } from "./matrix-report";
import { annotationSections, namespaceSections } from "./namespace-report";
import type { AccessPlan } from "./plan";
import { fittedPage, type ReportSection } from "./report-section";

/**
 * A page that shows a reviewer who can do what where, and by which IAM role; the same plan gives the same bytes. What is
 * granted to somebody is one row of a table, so that a change of it is one row in a diff.
 * @param warnings of the environment: those that are said on some days only are not on the page. @default none
 */
export function accessReport(plan: AccessPlan, warnings: readonly Warning[] = []): string {
  return fittedPage(
    [
      `# Access to PostgreSQL in ${plan.environment}`,
      `From ${code(plan.file)}: ${counts(plan)}. Account ${plan.account}, ${plan.region}. Nobody has a password: every login is by IAM, over verified TLS.`,
    ],
    [
      ...warningSections(warnings.filter(({ days }) => !days)),
      ...acceptedSections(plan),
      matrixSection(plan),
      migrationSection(plan),
      ...extensionSections(plan),
      identitySection(plan),
      borrowedSection(plan),
      ...namespaceSections(plan),
      ...annotationSections(plan),
    ],
  );
}

function warningSections(warnings: readonly Warning[]): ReportSection[] {
  if (warnings.length === 0) return [];
  const rows = warnings
    .map(({ key, message, accepted }) => [
      code(key),
      markdownText(accepted === undefined ? message : `${message} (accepted: ${accepted})`),
    ])
    .sort((left, right) => (left.join() < right.join() ? -1 : 1));
  return [{ heading: "Warnings", full: markdownTable({ header: ["key", "what to look at"], rows }) }];
}

/** Every schema, with those who may change it: one that nobody may is not to be missed. */
function migrationSection({ databases, identities }: AccessPlan): ReportSection {
  const rows = databases.flatMap(({ name, schemas }) =>
    schemas.map((schema) => {
      const may = identities.filter(({ sessionRole }) => sessionRole === schema.owner).map(({ key }) => key);
      const nobody = schema.managed ? "nobody" : "nobody but the admin, whose schema it is";
      return [
        code(`${name}.${schema.name}`),
        may.length === 0 ? nobody : may.join(", "),
        may.length === 0 ? "" : code(schema.owner),
      ];
    }),
  );
  return {
    heading: "Who may migrate",
    full: markdownTable({ header: ["schema", "identity", "sessions run as"], rows }),
  };
}

function counts({ databases, identities }: AccessPlan): string {
  const schemas = databases.reduce((sum, { schemas }) => sum + schemas.length, 0);
  const people = identities.filter(({ kind }) => kind === "people");
  const services = identities.filter(({ kind }) => kind !== "people");
  // Those on EKS are what is left.
  const elsewhere = [...groupBy(services, (identity) => whatItIs(identity) ?? identity.kind)]
    .filter(([what]) => what !== "service")
    .map(([what, same]) => `${same.length} ${what.replace(/^service /, "")}`)
    .sort();
  const parts: [number, string, string][] = [
    [databases.length, "database", "databases"],
    [schemas, "schema", "schemas"],
    [services.length, "service", "services"],
    [people.length, "group of people", "groups of people"],
  ];
  return parts
    .map(([count, one, many]) => {
      const more = one === "service" && elsewhere.length > 0 ? ` (${elsewhere.join(", ")})` : "";
      return `${count} ${count === 1 ? one : many}${more}`;
    })
    .join(", ");
}
