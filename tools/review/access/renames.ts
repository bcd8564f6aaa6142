import type { Finding } from "../finding";
import { type Pair, type PlacedSchema, type Places, placeOf } from "./places";

/** What is called otherwise, or is no longer said to have been. */
export function renameFindings({ databases, schemas }: Places): Finding[] {
  return [
    ...databases.flatMap(({ before, after, renamed }) =>
      before && after
        ? renameFinding("the database ", [before.name, after.name], renamed, [
            before.renamedFrom,
            after.renamedFrom,
          ])
        : [],
    ),
    ...schemas.flatMap((pair) => [...schemaRename(pair), ...groupNames(pair)]),
  ];
}

function schemaRename({ before, after, renamed }: Pair<PlacedSchema>): Finding[] {
  if (!before || !after) return [];
  const was = ({ schema, database }: PlacedSchema) =>
    // With its database it is said of that.
    schema.renamedFrom === undefined ||
    (schema.renamedFrom.schema === schema.name && schema.renamedFrom.database === database.renamedFrom)
      ? undefined
      : `${schema.renamedFrom.database}.${schema.renamedFrom.schema}`;
  const isNew = renamed && before.schema.name !== after.schema.name;
  return renameFinding("the schema ", [placeOf(before), placeOf(after)], isNew, [was(before), was(after)]);
}

function renameFinding(
  what: string,
  [old, now]: readonly [string, string],
  renamed: boolean | undefined,
  [saidBefore, said]: readonly [string | undefined, string | undefined],
): Finding[] {
  const about = { subject: now };
  if (renamed) {
    const text = `${now}: was ${what}${old}; the plan's SQL gives it and its group roles the new name, and whoever had access keeps it`;
    return [{ kind: "schema-renamed", ...about, text }];
  }
  if (saidBefore === said) return [];
  if (said === undefined) {
    const text = `${now}: the file no longer says that it was ${what}${saidBefore}: where it is still called that, the deployment stops`;
    return [{ kind: "schema-renamed", ...about, text }];
  }
  const text = `${now}: the file says that it was ${what}${said}, and it was ${what}${old} before`;
  return [{ kind: "unexplained", ...about, text }];
}

/** Group roles that are called otherwise without their schema being so: they are made anew. */
function groupNames({ before, after }: Pair<PlacedSchema>): Finding[] {
  if (!before || !after) return [];
  const [old, now] = [groupSuffixes(before), groupSuffixes(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((level) => old.get(level) !== now.get(level))
    .map((level): Finding => {
      const subject = placeOf(after);
      const name = (at: PlacedSchema) =>
        at.schema.groups.find((group) => group.level === level)?.role ?? "none";
      const text = `${subject}: the group role of ${level} is ${name(after)}, and was ${name(before)}`;
      return { kind: "unexplained", subject, text };
    });
}

/** What group roles are called beyond their schema's name, by level. */
function groupSuffixes({ database, schema }: PlacedSchema): Map<string, string> {
  const prefix = `${database.name}_${schema.name}_`;
  return new Map(
    schema.groups.map(({ level, role }) => [
      level,
      role.startsWith(prefix) ? role.slice(prefix.length) : `=${role}`,
    ]),
  );
}
