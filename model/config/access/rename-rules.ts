import { quote, suggestion } from "../../../lib/nearest";
import { PUBLIC_SCHEMA, schemaTarget } from "../../postgresql/names";
import type { Problem } from "../problem";
import type { EnvironmentFile } from "../schema";
import { declaredSchemas } from "./declared-databases";

/** What `access.renamed` says must fit with what is declared: old names are gone from there, and new ones are there. */
export function renameProblems({ access }: EnvironmentFile): Problem[] {
  const databases = Object.keys(access.databases);
  const schemas = declaredSchemas(access).map(({ target }) => target);
  const renames = Object.entries(access.renamed);
  return renames.flatMap(([from, to]): Problem[] => {
    const isSchema = from.includes(".");
    const [old, now] = [schemaTarget(from), schemaTarget(to)];
    const declared = isSchema ? schemas : databases;
    const faults: [boolean, string][] = [
      [
        isSchema !== to.includes("."),
        "a database becomes a database, and <database>.<schema> another of these",
      ],
      [declared.includes(from), `${quote(from)} is still declared under access.databases; take it out there`],
      [
        !declared.includes(to),
        `${quote(to)} is not declared under access.databases.${suggestion(to, declared)}`,
      ],
      [renames.some(([other, same]) => same === to && other !== from), `two have become ${quote(to)}`],
      [isSchema && old.database !== now.database, "a schema stays in its database"],
      [
        isSchema && [old.schema, now.schema].includes(PUBLIC_SCHEMA),
        `${quote(PUBLIC_SCHEMA)} belongs to PostgreSQL and keeps its name`,
      ],
      [
        isSchema && renames.some(([, same]) => same === now.database),
        `the database ${quote(now.database)} is being renamed too: one after the other`,
      ],
    ];
    const [, message] = faults.find(([wrong]) => wrong) ?? [];
    return message === undefined ? [] : [{ path: ["access", "renamed", from], message }];
  });
}
