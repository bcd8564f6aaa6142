import { quote } from "../../../lib/nearest";
import { quotedNameReason } from "../../postgresql/names";
import type { Problem } from "../problem";
import type { EnvironmentFile } from "../schema";

/** Names of databases and schemas that people cannot tell apart, or have to quote wherever they write them. */
export function namingProblems({ access: { databases } }: EnvironmentFile): Problem[] {
  const path = ["access", "databases"];
  const names = Object.keys(databases);
  return [
    ...names.flatMap((name, index) =>
      nameProblems({ path: [...path, name], onKey: true }, "database", name, names.slice(0, index)),
    ),
    ...Object.entries(databases).flatMap(([database, schemas]) =>
      schemas.flatMap((name, index) =>
        nameProblems({ path: [...path, database, index] }, "schema", name, schemas.slice(0, index)),
      ),
    ),
  ];
}

function nameProblems(
  place: Pick<Problem, "path" | "onKey">,
  kind: string,
  name: string,
  before: readonly string[],
): Problem[] {
  const twin = before.find((other) => other !== name && other.toLowerCase() === name.toLowerCase());
  if (twin !== undefined) {
    const message = `the ${kind}s ${quote(twin)} and ${quote(name)} differ only in case, and without quotes they are one name; rename one`;
    return [{ ...place, message }];
  }
  const reason = quotedNameReason(name);
  if (reason === undefined) return [];
  const message = `every query has to put the ${kind} ${quote(name)} in quotes, since it ${reason}; choose a name of lower-case letters, digits and _`;
  return [{ ...place, message, warning: "name-in-quotes" }];
}
