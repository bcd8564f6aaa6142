import type { ExpectedDatabase } from "../../model/access/expectation";
import type { ExtensionPlan } from "../../model/access/plan";
import { BUILT_IN_EXTENSION, extensionFacts } from "../../model/postgresql/extensions";
import { quoteIdentifier } from "../../model/postgresql/quoting";
import type { LiveDatabase, LiveExtension } from "../catalog/live-catalog";
import type { Comparison } from "./comparison";
import { asMemberOf, deployFix } from "./fixes";

/** Extensions of a database: those that the file names, where they belong, and no others. */
export function compareExtensions(
  comparison: Comparison,
  database: ExpectedDatabase,
  found: LiveDatabase,
): void {
  const live = new Map(found.extensions.map((each) => [each.name, each]));
  for (const extension of database.extensions) {
    comparePlanned(comparison, database.name, extension, live.get(extension.name));
  }
  const planned = new Set([BUILT_IN_EXTENSION, ...database.extensions.map(({ name }) => name)]);
  for (const { name, owner } of found.extensions.filter((each) => !planned.has(each.name))) {
    const { reaches } = extensionFacts(name);
    comparison.ledger.finds({
      kind: "extra",
      topic: "extension",
      subject: `extension ${database.name}.${name}`,
      detail: `is there${reaches === undefined ? "" : `, which ${reaches}`}, and ${comparison.expected.file} does not name it: name it under access.databases.${database.name}.extensions, or drop it`,
      ...asMemberOf(comparison, [owner], `DROP EXTENSION ${quoteIdentifier(name)};`),
      database: database.name,
    });
  }
}

function comparePlanned(
  comparison: Comparison,
  database: string,
  { name, schema }: ExtensionPlan,
  found: LiveExtension | undefined,
): void {
  const { ledger, live } = comparison;
  const about = { topic: "extension", subject: `extension ${database}.${name}` } as const;
  if (found === undefined) {
    const refused = !isAllowed(name, live.allowedExtensions);
    const detail = `there is no such extension${refused ? ", and rds.allowed_extensions of the server's parameter group refuses it: add it there first" : ""}`;
    ledger.finds({ ...about, kind: "missing", detail, fix: deployFix(comparison) });
  } else if (found.schema === schema) ledger.holds("extension");
  else {
    ledger.finds({
      ...about,
      kind: "different",
      detail: `is in the schema ${found.schema} in place of ${schema}, where only who may use ${found.schema} finds it`,
      ...(found.relocatable && {
        ...asMemberOf(
          comparison,
          [found.owner],
          `ALTER EXTENSION ${quoteIdentifier(name)} SET SCHEMA ${quoteIdentifier(schema)};`,
        ),
        database,
      }),
    });
  }
}

/** Whether RDS lets the admin create an extension; without such a setting it is nobody's business. */
function isAllowed(name: string, allowed: string | null): boolean {
  if (allowed === null || allowed.trim() === "" || allowed.trim() === "*") return true;
  return allowed.split(",").some((each) => each.trim() === name);
}
