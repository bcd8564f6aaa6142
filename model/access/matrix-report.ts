import { markdownCode as code } from "../../lib/markdown";
import { markdownTable, type Table } from "../../lib/table";
import { LEVEL_NAMES, LEVELS } from "../postgresql/levels";
import type { IdentityPlan } from "./identity";
import { titleOf } from "./kinds-in-words";
import type { AccessPlan, DatabasePlan } from "./plan";
import { named, type ReportSection } from "./report-section";

/** From much to little, as the columns stand. */
const LEVEL_COLUMNS = LEVEL_NAMES.toReversed();

/** Who can do what: a table for each database, so that a change of one schema's touches no other database's. */
export function matrixSection(plan: AccessPlan): ReportSection {
  const legend = [
    "Each level is for what exists and for what is to come:",
    "",
    ...LEVEL_COLUMNS.map((level) => `- ${level}: ${LEVELS[level].description}`),
  ].join("\n");
  const tables = (table: (database: DatabasePlan, identities: readonly IdentityPlan[]) => Table) =>
    plan.databases.flatMap((database) => {
      const identities = plan.identities.filter(({ grants }) =>
        grants.some((grant) => grant.database === database.name),
      );
      const body = identities.length === 0 ? "Nobody." : markdownTable(table(database, identities));
      return [`### Database ${code(database.name)}`, body];
    });
  return {
    heading: "Who can do what",
    full: [...tables(identityTable), ...ofCatalogs(plan), legend].join("\n\n"),
    short: () =>
      [
        "Of many it is said how many; each with what it may do is in `access-plan.json`, beside this file.",
        ...tables(schemaTable),
        ...ofCatalogs(plan),
        legend,
      ].join("\n\n"),
  };
}

/** Who is in none of the tables, and in each database all the same. */
function ofCatalogs({ identities }: AccessPlan): string[] {
  const job = identities.find((identity) => identity.kind === "service" && identity.verifies);
  if (job === undefined) return [];
  return [
    `${titleOf(job)} may connect to every database (CONNECT) and has no privilege in any: of what is there it sees the catalogs, which whoever may connect sees, such as names, definitions and privileges, and no row of a table.`,
  ];
}

/** Characters that the titles of a table's columns may have together, to be read at 1,000 pixels without scrolling. */
const MOST_CHARACTERS = 84;

/** A row for each identity, with a column for each schema or, of many schemas, for each level. */
function identityTable({ name, schemas }: DatabasePlan, identities: readonly IdentityPlan[]): Table {
  const levels = identities.map(({ grants }) => grants.filter(({ database }) => database === name));
  // A column is at least as wide as "read-write".
  const width = schemas.reduce((sum, schema) => sum + Math.max(schema.name.length, 10) + 4, 0);
  const cells = (grants: IdentityPlan["grants"]) =>
    width > MOST_CHARACTERS
      ? LEVEL_COLUMNS.map((level) =>
          listed(grants.filter((grant) => grant.level === level).map(({ schema }) => schema)),
        )
      : schemas.map((schema) => grants.find((grant) => grant.schema === schema.name)?.level ?? "");
  return {
    header: [
      "identity",
      ...(width > MOST_CHARACTERS ? LEVEL_COLUMNS : schemas.map((schema) => code(schema.name))),
    ],
    rows: identities.map((identity, index) => [titleOf(identity), ...cells(levels[index] ?? [])]),
  };
}

/** A row for each schema, which does not grow with the identities. People come first: there are few, and they matter most. */
function schemaTable({ name, schemas }: DatabasePlan, identities: readonly IdentityPlan[]): Table {
  const having = new Map<string, string[]>();
  const isPeople = ({ kind }: IdentityPlan) => Number(kind === "people");
  for (const identity of [...identities].sort((left, right) => isPeople(right) - isPeople(left))) {
    for (const { schema, level } of identity.grants.filter(({ database }) => database === name)) {
      const at = `${schema} ${level}`;
      const found = having.get(at);
      if (found) found.push(titleOf(identity));
      else having.set(at, [titleOf(identity)]);
    }
  }
  return {
    header: ["schema", ...LEVEL_COLUMNS],
    rows: schemas.map((schema) => [
      code(schema.name),
      ...LEVEL_COLUMNS.map((level) => named(having.get(`${schema.name} ${level}`) ?? []).join(", ")),
    ]),
  };
}

function listed(names: readonly string[]): string {
  return names.map(code).join(", ");
}
