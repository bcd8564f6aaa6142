import { quote } from "../../../lib/nearest";
import { quotedNameReason } from "../../postgresql/names";
import type { Problem } from "../problem";
import type { EnvironmentFile } from "../schema";
import { declaredDatabases } from "./declared-databases";

/** Names of databases and schemas that people cannot tell apart, or have to quote wherever they write them. */
export function namingProblems({ access }: EnvironmentFile): Problem[] {
  const databases = declaredDatabases(access);
  return [
    ...databases.flatMap(({ name, path }, index) =>
      nameProblems({ path, onKey: true }, "database", name, databases.slice(0, index)),
    ),
    ...databases.flatMap(({ schemas }) =>
      schemas.flatMap(({ name, path }, index) =>
        nameProblems({ path }, "schema", name, schemas.slice(0, index)),
      ),
    ),
  ];
}

function nameProblems(
  place: Pick<Problem, "path" | "onKey">,
  kind: string,
  name: string,
  before: readonly { readonly name: string }[],
): Problem[] {
  const others = before.map((each) => each.name);
  const twin = others.find((other) => other !== name && other.toLowerCase() === name.toLowerCase());
  if (twin !== undefined) {
    const message = `the ${kind}s ${quote(twin)} and ${quote(name)} differ only in case, and without quotes they are one name; rename one`;
    return [{ ...place, message }];
  }
  const reason = quotedNameReason(name);
  if (reason === undefined) return [];
  const message = `every query has to put the ${kind} ${quote(name)} in quotes, since it ${reason}; choose a name of lower-case letters, digits and _`;
  return [{ ...place, message, warning: "name-in-quotes" }];
}
