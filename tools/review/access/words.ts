import { type AccessSide, OWNERSHIP, type Right } from "./rights";

/** Names that are listed one by one; of more it is said how many. */
const MOST_NAMES = 8;

/** Names in a line: few enough to read. Whoever uses it lists all of them in the details when there are more. */
export function named(names: readonly string[]): string {
  const rest = names.length - MOST_NAMES;
  return rest > 0 ? `${names.slice(0, MOST_NAMES).join(", ")} and ${rest} more` : names.join(", ");
}

/** The names themselves, one a line, where {@link named} leaves some out. */
export function leftOut(names: readonly string[]): string[] {
  return names.length > MOST_NAMES ? [...names] : [];
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join() : `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`;
}

/** From what a reader looks for first to what comes with it. */
const ORDER = {
  on: [OWNERSHIP, "database", "table", "sequence", "function", "schema"],
  privilege: ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"],
} as const;

/**
 * Rights in one place in SQL's words: `INSERT, UPDATE, DELETE on tables, USAGE on sequences`.
 * @param side whose names its roles are called by
 */
export function rightsInWords(rights: readonly Right[], side: AccessSide): string {
  const privilegesOn = new Map<string, string[]>();
  for (const [what, privileges] of objects(rights, side)) {
    const key = [...privileges].sort(by(ORDER.privilege)).join(", ");
    privilegesOn.set(key, [...(privilegesOn.get(key) ?? []), what]);
  }
  return [...privilegesOn]
    .map(([privileges, what]) =>
      privileges === OWNERSHIP
        ? "ownership of the schema and of what is created in it"
        : `${privileges} on ${listed(what)}`,
    )
    .join(", ");
}

/** Privileges by what they are on. What holds for objects that are there and those to come is said once. */
function objects(rights: readonly Right[], side: AccessSide): Map<string, Set<string>> {
  const sorted = [...rights].sort((left, right) => by(ORDER.on)(left.on, right.on));
  const has = new Set(sorted.map(({ on, privilege, creator = "" }) => [on, privilege, creator].join("\0")));
  const found = new Map<string, Set<string>>();
  for (const { place, on, privilege, creator } of sorted) {
    const owner = side.owners.get(place);
    const twin = [on, privilege, creator === undefined ? owner : ""].join("\0");
    const both = owner !== undefined && (creator === undefined || creator === owner) && has.has(twin);
    const what = both && isOfMany(on) ? `${on}s` : whichObjects(on, side, place, creator);
    found.set(what, (found.get(what) ?? new Set()).add(privilege));
  }
  return found;
}

function whichObjects(on: string, side: AccessSide, place: string, creator?: string): string {
  if (!isOfMany(on)) return `the ${on}`;
  if (creator === undefined) return `${on}s that exist`;
  if (creator === side.owners.get(place)) return `${on}s to come`;
  return `${on}s that ${side.nameOf(creator)} creates${place.includes(".") ? "" : " in any schema"}`;
}

function isOfMany(on: string): boolean {
  return on !== "schema" && on !== "database" && on !== OWNERSHIP;
}

function by(order: readonly string[]): (left: string, right: string) => number {
  const rank = (text: string) => (order.includes(text) ? order.indexOf(text) : order.length);
  return (left, right) => rank(left) - rank(right) || (left < right ? -1 : 1);
}
