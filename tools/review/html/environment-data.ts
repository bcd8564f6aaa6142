import { isDeepStrictEqual } from "node:util";
import type { IdentityPlan } from "../../../model/access/identity";
import { whatItIs } from "../../../model/access/kinds-in-words";
import type { AccessPlan, DatabasePlan, SchemaPlan } from "../../../model/access/plan";
import { LEVEL_NAMES, LEVELS } from "../../../model/postgresql/levels";
import type { EnvironmentReview } from "../result";
import type { Cell, Change, EnvironmentData, Groups, IdentityData, SchemaData } from "./page-data";
import { groupsOf, pathSteps } from "./path-data";

/**
 * What the page shows of an environment's access: both sides in one matrix, a row for each identity and a column for each
 * schema that either has. Undefined where neither side could be read.
 */
export function environmentData(review: EnvironmentReview): EnvironmentData | undefined {
  const { name, before = review.after, after = review.before } = review;
  if (!before || !after) return undefined;
  const columns = schemaColumns(before, after);
  // Another version's plan may have a level that is not known here: it is shown by its name all the same.
  const granted = [before, after].flatMap((plan) => plan.identities.flatMap(({ grants }) => grants));
  const levels = [...new Set<string>([...LEVEL_NAMES, ...granted.map(({ level }) => level)])];
  const about: Readonly<Record<string, { readonly description: string } | undefined>> = LEVELS;
  return {
    name,
    ...alone(review),
    levels: levels.map((level) => ({ name: level, about: about[level]?.description ?? "not known here" })),
    schemas: columns.map(({ was, now }): SchemaData => {
      const { database, schema } = now ?? was ?? NOWHERE;
      const oldName = was && `${was.database}.${was.schema}`;
      const renamed = now !== undefined && oldName !== undefined && oldName !== `${database}.${schema}`;
      return {
        database,
        schema,
        change: changeOf(was, now, renamed ? "renamed" : ""),
        ...(renamed && { was: oldName }),
        ...bothSides(was?.groups, now?.groups),
      };
    }),
    identities: identityRows(before, after, cells(columns, levels)),
  };
}

/** Whose access it is that is shown, where it is of one side: then nothing of it is a change. */
function alone({ before, after }: EnvironmentReview): Pick<EnvironmentData, "alone"> {
  if (!after) return { alone: "as it was on the base" };
  return before ? {} : { alone: "with no base to compare with" };
}

/** A schema, wherever it is. */
interface Place {
  readonly database: string;
  readonly schema: string;
  readonly groups: Groups;
}

/** A column of the matrix: the schema on the base, and the one that it is now. */
interface Column {
  readonly was?: Place;
  readonly now?: Place;
}

const NOWHERE: Place = { database: "", schema: "", groups: {} };

/** The schemas of both sides, sorted. One that the file says is renamed stays one column. */
function schemaColumns(before: AccessPlan, after: AccessPlan): Column[] {
  const old = new Map(places(before).map((place) => [nameOf(place), place]));
  const present = new Set(places(after).map(nameOf));
  const columns = places(after).map(({ renamedFrom, ...now }): Column => {
    const same = old.get(nameOf(now));
    const former = renamedFrom && `${renamedFrom.database}.${renamedFrom.schema}`;
    const was = same ?? (former !== undefined && !present.has(former) ? old.get(former) : undefined);
    if (was) old.delete(nameOf(was));
    return { now, was };
  });
  const rank = ({ now, was }: Column) => nameOf(now ?? was ?? NOWHERE);
  return [...columns, ...[...old.values()].map((was): Column => ({ was }))].sort((left, right) =>
    rank(left) < rank(right) ? -1 : 1,
  );
}

function places({ databases }: AccessPlan): (Place & Pick<SchemaPlan, "renamedFrom">)[] {
  return databases.flatMap(({ name: database, schemas, grants }: DatabasePlan) =>
    schemas.map((schema) => ({
      database,
      schema: schema.name,
      renamedFrom: schema.renamedFrom,
      groups: groupsOf(schema, grants),
    })),
  );
}

function nameOf({ database, schema }: Place): string {
  return `${database}.${schema}`;
}

function identityRows(
  before: AccessPlan,
  after: AccessPlan,
  cellsOf: ReturnType<typeof cells>,
): IdentityData[] {
  const old = new Map(before.identities.map((identity) => [identity.key, identity]));
  const present = new Map(after.identities.map((identity) => [identity.key, identity]));
  return [...new Set([...old.keys(), ...present.keys()])].sort().map((key): IdentityData => {
    const was = old.get(key);
    const now = present.get(key);
    const steps = bothSides(was && pathSteps(before, was), now && pathSteps(after, now));
    const found = cellsOf(was, now);
    const differs = "before" in steps || found.some(([, left, right]) => left !== right);
    const either = now ?? was;
    return {
      key,
      kind: either ? (whatItIs(either) ?? either.kind) : "",
      ...(either?.kind === "service" && { namespace: either.namespace }),
      change: changeOf(was, now, differs ? "changed" : ""),
      cells: found,
      ...steps,
    };
  });
}

/** Finds the cells of a row. */
function cells(columns: readonly Column[], levels: readonly string[]) {
  const placed = (side: "was" | "now") =>
    new Map(
      columns.flatMap((column, index) => {
        const place = column[side];
        return place ? [[nameOf(place), index] as const] : [];
      }),
    );
  const [wasAt, nowAt] = [placed("was"), placed("now")];
  const held = (identity: IdentityPlan | undefined, at: ReadonlyMap<string, number>) =>
    new Map(
      identity?.grants.map(({ database, schema, level }) => {
        const column = at.get(`${database}.${schema}`);
        if (column === undefined)
          throw new Error(`${identity.key} has a grant on ${database}.${schema}, which is not there`);
        return [column, levels.indexOf(level)];
      }),
    );
  return (was: IdentityPlan | undefined, now: IdentityPlan | undefined): Cell[] => {
    const [left, right] = [held(was, wasAt), held(now, nowAt)];
    return [...new Set([...left.keys(), ...right.keys()])]
      .sort((one, other) => one - other)
      .map((column) => [column, left.get(column) ?? -1, right.get(column) ?? -1]);
  };
}

/** Both sides of something, or the one that it is now where they are the same. */
function bothSides<T>(before: T | undefined, after: T | undefined): { before?: T; after?: T } {
  if (isDeepStrictEqual(before, after)) return after === undefined ? {} : { after };
  return { ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}

function changeOf(was: unknown, now: unknown, otherwise: Change): Change {
  if (was === undefined) return "added";
  return now === undefined ? "removed" : otherwise;
}
