import type { LiveGrant, LiveObjects } from "../catalog/live-catalog";
import type { AdoptedDatabase, LiveServer } from "./live-server";
import type { Beyond } from "./proposal";
import { lineIf, listed, some, systemRoles } from "./words";

/** What everybody has on a database and in it, which the model takes from PUBLIC. */
export function publicLines(live: LiveServer, { name, grants, schemas, objects }: AdoptedDatabase): Beyond[] {
  const where = `database ${name}`;
  const system = systemRoles(live);
  const creators = grants.filter(({ privilege, grantee }) => privilege === "CREATE" && !system.has(grantee));
  const open = schemas.filter((schema) =>
    schema.grants.some((grant) => isPublic(grant) && grant.privilege === "CREATE"),
  );
  const given = objects.filter(({ partOf, grants: own }) => partOf !== "extension" && own.some(isPublic));
  const data = given.filter((each) => !isRoutine(each));
  const executed = given.filter(isRoutine);
  return [
    ...lineIf(
      grants.some((grant) => isPublic(grant) && grant.privilege === "TEMPORARY"),
      where,
      "Everybody may create temporary tables. Identities may not.",
      "Where the application makes some, use tables of its own or common table expressions; no level gives TEMPORARY.",
    ),
    ...lineIf(
      creators,
      where,
      `${some(creators.map(({ grantee }) => grantee))} may create schemas in it. Identities may not.`,
      "Declare schemas in the file: the access stack creates them.",
    ),
    ...lineIf(
      open,
      where,
      `Everybody may create in ${some(open.map((schema) => schema.name))}, and may have left something there for others to run.`,
      "Look at what is in there that no migration made. The SQL takes CREATE from everybody.",
    ),
    ...lineIf(
      data,
      where,
      `Everybody has ${some(data.flatMap((each) => each.grants.filter(isPublic).map(({ privilege }) => privilege)))} on ${listed(data)}. Nothing is left to PUBLIC.`,
      "Grant a level to each identity that needs it: the section has only what logins were granted by name.",
    ),
    ...lineIf(
      executed,
      where,
      `Everybody may execute ${listed(executed)}, as PostgreSQL has it for what is new. From now on read-write executes all of its schema, and read-only none.`,
      "What readers must execute, or views and policies that they use, the owner grants in a migration to the group role of read-only (docs/access-model.md).",
    ),
  ];
}

function isPublic({ grantee }: LiveGrant): boolean {
  return grantee === "public";
}

function isRoutine({ kind }: LiveObjects): boolean {
  return kind === "routine" || kind === "SECURITY DEFINER routine";
}
