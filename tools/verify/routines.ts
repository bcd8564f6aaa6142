import type { ExpectedDatabase } from "../../model/access/expectation";
import { PUBLIC_SCHEMA } from "../../model/postgresql/names";
import type { LiveObjects } from "../catalog/live-catalog";
import type { Comparison } from "./comparison";
import type { GrantTarget } from "./grants";

/** Whether these are functions, procedures or aggregates. */
export function isRoutine({ kind }: LiveObjects): boolean {
  return kind === "routine" || kind === "SECURITY DEFINER routine";
}

/**
 * What is special about grants on routines. One that runs with its caller's rights gives nobody anything, so its owner may
 * grant it by hand; one that is SECURITY DEFINER runs with its owner's, and then it matters who reaches it.
 * @param open whether PUBLIC may use the schema
 */
export function routineGrants(
  { expected, watched, roles }: Comparison,
  database: ExpectedDatabase,
  open: boolean,
  { schema: name, kind, owner, partOf }: LiveObjects,
): Partial<GrantTarget> {
  const schema = database.schemas.find((each) => each.name === name);
  // An extension's that are the admin's own are nobody's until it grants them by hand to who may use `public`.
  const ofExtension = partOf === "extension" && owner === expected.admin && kind === "routine";
  const users = ofExtension && name === PUBLIC_SCHEMA ? database.usersOfPublic.map(({ role }) => role) : [];
  // What an extension or RDS made is trusted as PostgreSQL's own functions are, which everybody may execute.
  const system = roles.get(owner)?.system === true && owner !== expected.admin && !watched.has(owner);
  const trusted = partOf === "extension" || system;
  const definer = kind === "SECURITY DEFINER routine" && !trusted;
  const execute = (grantees: readonly string[]) =>
    grantees.map((role) => ({ role, privileges: ["EXECUTE"] }));
  return {
    optional: trusted,
    tolerated: [
      ...(definer ? [] : execute(schema?.callers ?? users)),
      // Every new function is PUBLIC's; in a schema that is none of the plan's, nobody may get at it.
      ...(trusted || (!schema && !(definer && open)) ? execute(["public"]) : []),
    ],
    // Terraform grants what is to come: what exists may be an extension's, on which ALL ROUTINES IN SCHEMA would fail.
    byStatement: true,
  };
}
