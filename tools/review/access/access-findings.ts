import { groupBy } from "../../../lib/group-by";
import type { Finding } from "../finding";
import type { AccessChange } from "./access-changes";
import { type Draft, draft } from "./draft";
import { databaseOf, isSchema } from "./places";
import { type AccessSide, rightId } from "./rights";
import { leftOut, named, rightsInWords } from "./words";

/** What is said about changes of access, each change with the finding that says it. */
export type SaidOf = ReadonlyMap<AccessChange, Draft>;

/**
 * One finding for each identity, or PUBLIC, and place. Where a group may do something else, all who stayed in it are one
 * finding of the schema's: their access changed in the same way by the same cause.
 */
export function accessFindings(
  changes: readonly AccessChange[],
  before: AccessSide,
  after: AccessSide,
): SaidOf {
  const alike = groupBy(
    changes.filter(({ comesWithSchema }) => !comesWithSchema),
    (change) => {
      const stays = change.sameGroups && change.pair.after !== undefined;
      return stays ? effectOnGroup(change) : [change.key, change.place].join("\0");
    },
  );
  const said = new Map<AccessChange, Draft>();
  for (const same of alike.values()) {
    const [first] = same;
    if (first === undefined) continue;
    const finding = same.length > 1 ? ofGroup(first, same, before, after) : ofOne(first, before, after);
    for (const change of same) said.set(change, finding);
  }
  const byDatabase = new Map(
    [...said].map(([{ key, place }, finding]) => [[key, databaseOf(place)].join("\0"), finding]),
  );
  for (const { key, place, gained } of changes.filter(({ comesWithSchema }) => comesWithSchema)) {
    const verb = gained.length > 0 ? "gains" : "loses";
    const finding = byDatabase.get([key, place].join("\0"));
    finding?.details.push(`${key}: ${verb} CONNECT on the database ${place} with it`);
  }
  return said;
}

/** Equal for all whose access to a place changed in the same way while they stayed in their groups. */
function effectOnGroup({ place, gained, lost, level }: AccessChange): string {
  return JSON.stringify([place, gained.map(rightId), lost.map(rightId), level.before, level.after]);
}

function ofOne(
  { key, place, gained, lost, level }: AccessChange,
  before: AccessSide,
  after: AccessSide,
): Draft {
  const where = isSchema(place) ? place : `database ${place}`;
  const gains = `gains ${rightsInWords(gained, after)}`;
  const loses = `loses ${rightsInWords(lost, before)}`;
  const access =
    level.before === level.after
      ? `${where}${level.after === undefined ? "" : ` ${level.after} as before`}`
      : `${where} ${level.before ?? "no access"} → ${level.after ?? "no access"}`;
  if (gained.length === 0)
    return draft({ kind: "access-lost", subject: key, text: `${key}: ${access} (${loses})` });
  const finding = draft({ kind: "access-gained", subject: key, text: `${key}: ${access} (${gains})` });
  if (lost.length > 0)
    finding.also.push({ kind: "access-lost", subject: key, text: `${key}: ${where} ${loses}` });
  return finding;
}

function ofGroup(
  { place, gained, lost, level }: AccessChange,
  all: readonly AccessChange[],
  before: AccessSide,
  after: AccessSide,
): Draft {
  const keys = all.map(({ key }) => key);
  const whoever = level.after === undefined ? "those who may use it" : level.after;
  const line = (verb: string, rights: string): string =>
    `${place}: ${whoever} ${verb} ${rights}: ${named(keys)}`;
  const details = leftOut(keys);
  const losing: Omit<Finding, "also"> = {
    kind: "access-lost",
    subject: place,
    text: line("loses", rightsInWords(lost, before)),
  };
  if (gained.length === 0) return draft({ ...losing, details });
  const text = line("gains", rightsInWords(gained, after));
  const finding = draft({ kind: "access-gained", subject: place, text, details });
  if (lost.length > 0) finding.also.push(losing);
  return finding;
}
