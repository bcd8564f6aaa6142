import { markdownCode as code, markdownText } from "../../lib/markdown";
import { markdownTable } from "../../lib/table";
import { extensionFacts } from "../postgresql/extensions";
import { PUBLIC_SCHEMA } from "../postgresql/names";
import type { AccessPlan } from "./plan";
import type { ReportSection } from "./report-section";

/** What databases have beside PostgreSQL's own, and which of it reaches beyond them; nothing when no file names any. */
export function extensionSections({ databases }: AccessPlan): ReportSection[] {
  const rows = databases.flatMap(({ name: database, extensions = [] }) =>
    extensions.map(({ name, schema, reason = "" }) => [
      code(`${database}.${name}`),
      schema === PUBLIC_SCHEMA ? `whoever has a grant in ${code(database)}` : "whom the admin grants it to",
      markdownText(extensionFacts(name).reaches ?? ""),
      markdownText(reason),
    ]),
  );
  if (rows.length === 0) return [];
  const header = ["extension", "who uses it", "reaches beyond the database: it", "what for"];
  return [{ heading: "Extensions", full: markdownTable({ header, rows }) }];
}
