import { type Level, OWNER } from "../../model/postgresql/levels";
import type { DraftService } from "./draft";
import { type Keys, namespaceOf } from "./keys";
import type { Login } from "./logins";
import type { Beyond, ProposedIdentity } from "./proposal";
import { isPredefined, USING_LEVELS } from "./reach";
import { type SchemaAccess, schemaAccess } from "./schema-access";
import type { Target } from "./targets";
import { some } from "./words";

/** A login, and what it has where. */
export interface LoginAccess {
  readonly login: Login;
  /** Only where it has something. */
  readonly access: readonly (SchemaAccess & { readonly target: Target })[];
}

/** A service as it may come to be in the file, and for whom. */
export interface Candidate {
  readonly service: DraftService;
  readonly identity: ProposedIdentity;
  /** What to check, above its key. */
  readonly comment: string;
  /** The schema that it migrates, where that is what it is for. */
  readonly migrates?: Target;
}

/** What becomes of all logins. */
export interface Identities {
  readonly candidates: readonly Candidate[];
  readonly beyond: readonly Beyond[];
}

/** What every login has in every schema. */
export function accessOf(logins: readonly Login[], targets: readonly Target[]): LoginAccess[] {
  return logins.map((login) => ({
    login,
    access: targets
      // Of hundreds of logins most have nothing in most schemas.
      .filter(({ roles }) => [...login.reach].some((role) => roles.has(role) || isPredefined(role)))
      .map((target) => ({ ...schemaAccess(target, login.reach), target }))
      .filter((each) => owns(each) || each.level !== undefined || each.lost.length > 0 || each.shut),
  }));
}

function owns({ owned, creates }: SchemaAccess): boolean {
  return owned > 0 || creates;
}

/** The most that somebody can have without owning. */
const MOST_USED = USING_LEVELS.at(-1);

/** Settings and their lines for a login that becomes a service with grants on these targets. */
export type SettingsOf = (
  login: Login,
  targets: readonly Target[],
) => Pick<DraftService, "settings"> & { readonly beyond: readonly Beyond[] };

/**
 * A service for each login, by the levels that come nearest to what it has, and one for the migrations of each schema. A
 * login that owns what it uses becomes two: sessions of an owner run as the owner and have no other grant.
 */
export function proposeIdentities(
  logins: readonly LoginAccess[],
  targets: readonly Target[],
  keys: Keys,
  settingsOf: SettingsOf,
  inPlace: (login: Login) => string | undefined,
): Identities {
  const candidates: Candidate[] = [];
  const beyond: Beyond[] = [];
  const add = (
    login: Login | null,
    key: string,
    grants: readonly (readonly [Target, Level])[],
    comment: string,
    same = false,
    migrates?: Target,
  ) => {
    const [first] = grants;
    if (!first) return;
    const kept = login
      ? settingsOf(
          login,
          grants.map(([target]) => target),
        )
      : undefined;
    beyond.push(...(kept?.beyond ?? []));
    candidates.push({
      service: {
        key,
        namespace: namespaceOf(first[0].database.name),
        grants: grants.map(([{ target }, level]) => [target, level]),
        settings: kept?.settings ?? {},
      },
      identity: { login: login?.name ?? null, key, inPlace: same, password: login?.password ?? "none" },
      comment,
      ...(migrates && { migrates }),
    });
  };
  const principals = new Map(targets.map((target) => [target, principal(logins, target)]));
  for (const each of logins) {
    const { login, access } = each;
    const migrates = targets.filter((target) => principals.get(target) === each);
    const onlyMigrates =
      migrates.length > 0 &&
      access.every((one) => owns(one) && logins.some((other) => writes(other, one.target)));
    const uses = access.flatMap(({ target, level, ...one }): (readonly [Target, Level])[] => {
      // Whoever made tables does all there is to do with them; who may only create has made none.
      const used = one.owned > 0 ? MOST_USED : (level ?? (one.creates ? MOST_USED : undefined));
      return used === undefined || onlyMigrates ? [] : [[target, used]];
    });
    const own = uses.length > 0 || migrates.length === 1 ? inPlace(login) : undefined;
    if (uses.length > 0) {
      add(login, own ?? keys.beside(login.name, "iam"), uses, useComment(login), own !== undefined);
    }
    for (const target of migrates) {
      const alone = uses.length === 0 && migrates.length === 1;
      const key =
        (alone && own) ||
        keys.beside(
          migrates.length === 1 ? login.name : `${login.name}-${target.to}`,
          alone ? "iam" : "migrations",
        );
      add(login, key, [[target, OWNER]], ownerComment(login, target), key === own, target);
    }
    if (uses.length > 0 && migrates.length > 0) beyond.push(splitLine(login, migrates));
  }
  for (const target of targets.filter((each) => principals.get(each) === undefined)) {
    const named =
      targets.filter(({ to }) => to === target.to).length > 1
        ? `${target.database.name}-${target.to}`
        : target.to;
    const comment = `No login owns ${target.target} today. This is for the migrations of its tables.`;
    add(null, keys.beside(named, "migrations"), [[target, OWNER]], comment, false, target);
  }
  return { candidates, beyond };
}

/** The login whose most of a schema is; undefined when no login owns any of it or may create in it. */
function principal(logins: readonly LoginAccess[], target: Target): LoginAccess | undefined {
  const owned = (each: LoginAccess) => each.access.find((one) => one.target === target && owns(one))?.owned;
  return logins
    .filter((each) => owned(each) !== undefined)
    .sort((left, right) => (owned(right) ?? 0) - (owned(left) ?? 0))[0];
}

function writes({ access }: LoginAccess, target: Target): boolean {
  return access.some((each) => each.target === target && !owns(each) && each.level === MOST_USED);
}

function useComment({ name, password, iam }: Login): string {
  const today = iam ? "logs in with a token already" : PASSWORDS[password];
  return `For the login ${name}, which ${today}. Check the namespace; people belong under people.`;
}

const PASSWORDS: Readonly<Record<Login["password"], string>> = {
  none: "has no password",
  set: "goes on with its password",
  unknown: "goes on with its password, if it has one",
};

function ownerComment({ name }: Login, { target, schema, to }: Target): string {
  const moved = schema === to ? "" : `, in ${schema} today`;
  return `For migrations of ${target}, which ${name} owns${moved}.`;
}

function splitLine({ name }: Login, targets: readonly Target[]): Beyond {
  return {
    where: `login ${name}`,
    what: `It owns ${some(targets.map(({ target }) => target))} and is used besides, as far as can be told. Who migrates does nothing else here, so there are two services for it: one that owns, and one that reads and writes.`,
    proposal:
      "Run migrations as the one, in a Job or an init container, and the application as the other, which can no longer change tables. If nothing but migrations uses it, take the other one out.",
  };
}
