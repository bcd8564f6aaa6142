import { isDeepStrictEqual } from "node:util";
import { borrowedRights } from "../../../model/access/borrowed-rights";
import type { IdentityPlan } from "../../../model/access/identity";
import type { AccessPlan } from "../../../model/access/plan";
import { schemaTarget } from "../../../model/postgresql/names";
import type { LimitChange } from "./limit-change";
import { databaseOf } from "./places";
import { type NowCalled, written } from "./rights";
import { listed, named } from "./words";

/**
 * Of where sessions look up names that say no schema. Whoever creates in a schema that is looked in decides what the names
 * mean, with the rights of whoever uses them. That is somebody's gain where these rights reach beyond the schema, and it is
 * newly in the path, or before another that it was behind.
 */
export function searchPathChange(base: AccessPlan, head: AccessPlan, nowCalled: NowCalled) {
  const rights = borrowedRights(head);
  return (before: IdentityPlan, after: IdentityPlan): LimitChange | undefined => {
    const was = before.searchPath?.map((schema) => nameNow(schema, base, before, nowCalled));
    if (isDeepStrictEqual(was, after.searchPath)) return undefined;
    const change = `names without a schema are looked up ${inWords(after.searchPath)}, and were ${inWords(was)}`;
    const old = placesIn(was, before, nowCalled);
    const now = placesIn(after.searchPath, after, written);
    const gains = now.flatMap((place, index) => {
      const authors = rights.find(
        ({ codeOf, through }) => codeOf === place && through.includes(after.key),
      )?.authors;
      const behind = now.slice(index + 1).filter((other) => databaseOf(other) === databaseOf(place));
      const passed = behind.some((other) => old.includes(other) && old.indexOf(other) < old.indexOf(place));
      return authors && (passed || !old.includes(place)) ? [{ place, authors }] : [];
    });
    if (gains.length === 0) return { kind: "connection-changed", text: () => change };
    const who = gains.map(({ place, authors }) => `${named(authors)} of ${place}`);
    const decide = `what they mean newly decide those who may write code: ${listed(who)}`;
    return { kind: "borrowed-rights-gained", text: () => `${change}; ${decide}` };
  };
}

/** The schemas of a path that an identity may use, each as a place, in the order in which they are looked in. */
function placesIn(
  path: readonly string[] | undefined,
  { grants }: IdentityPlan,
  nowCalled: NowCalled,
): string[] {
  const places = grants.map(({ database, schema }) => nowCalled(database, schema));
  return (path ?? []).flatMap((name) => places.filter((place) => schemaTarget(place).schema === name));
}

/** What a schema of a path is called now: its name says in no database, so it counts when it is the same in all. */
function nameNow(
  name: string,
  { databases }: AccessPlan,
  { grants }: IdentityPlan,
  nowCalled: NowCalled,
): string {
  const own = grants.map(({ database }) => database);
  const names = databases
    .filter((database) => own.includes(database.name) && database.schemas.some((each) => each.name === name))
    .map((database) => schemaTarget(nowCalled(database.name, name)).schema);
  const [only] = new Set(names);
  return only !== undefined && new Set(names).size === 1 ? only : name;
}

function inWords(path: readonly string[] | undefined): string {
  return path === undefined ? "where the database says" : `in ${path.join(", ")}`;
}
