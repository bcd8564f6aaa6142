import type { IdentityPlan } from "../../../model/access/identity";
import { iamRoleName } from "../../../model/aws/names";
import type { IdentitySection } from "../../../model/config/environment";
import { databaseUser, memberUser } from "../../../model/postgresql/names";
import { type Pair, pairByName } from "./places";
import { type AccessSide, type NowCalled, written } from "./rights";

/** An identity on both sides, or on one. */
export type IdentityPair = Pair<IdentityPlan>;

/** Where in the file each kind is declared: one that is of another kind in the same section is the same identity. */
const SECTIONS: Readonly<Record<IdentityPlan["kind"], IdentitySection>> = {
  service: "services",
  workload: "services",
  role: "services",
  principals: "services",
  people: "people",
};

/** The section of the file that an identity is in; a kind that only another version knows counts for itself. */
export function sectionOf({ kind }: Pick<IdentityPlan, "kind">): string {
  return Object.hasOwn(SECTIONS, kind) ? SECTIONS[kind] : `kind ${kind}`;
}

/**
 * Pairs identities by key, and takes for renamed what is the same in everything but its name. Of several that could be it
 * none is; and whatever else differs, such as a limit or a condition, makes two of them: a rename hides nothing.
 */
export function pairIdentities(before: AccessSide, after: AccessSide, nowCalled: NowCalled): IdentityPair[] {
  const byKey = pairByName(
    before.plan.identities,
    after.plan.identities,
    (identity) => `${identity.key} ${sectionOf(identity)}`,
  );
  const removed = byKey.flatMap(({ before: old, after: now }) => (old && !now ? [old] : []));
  const added = byKey.flatMap(({ before: old, after: now }) => (now && !old ? [now] : []));
  const wasCalled = new Map<IdentityPlan, IdentityPlan>();
  // One that keeps its ServiceAccount under its new name is found first.
  for (const keepsAccount of [true, false]) {
    const taken = new Set(wasCalled.values());
    const left = removed.filter((old) => !taken.has(old));
    const olds = unique(left, (old) => signature(old, before, nowCalled, keepsAccount));
    const arrived = added.filter((now) => !wasCalled.has(now));
    const news = unique(arrived, (now) => signature(now, after, written, keepsAccount));
    for (const [at, now] of news) {
      const old = olds.get(at);
      if (old) wasCalled.set(now, old);
    }
  }
  const taken = new Set(wasCalled.values());
  return byKey
    .filter(({ before: old, after: now }) => now !== undefined || (old !== undefined && !taken.has(old)))
    .map((pair): IdentityPair => {
      const old = pair.after && wasCalled.get(pair.after);
      return old ? { before: old, after: pair.after, renamed: true } : pair;
    });
}

/** Those that nobody else has the same text as. */
function unique<Part>(parts: readonly Part[], text: (part: Part) => string): Map<string, Part> {
  const found = new Map<string, Part | undefined>();
  for (const part of parts) found.set(text(part), found.has(text(part)) ? undefined : part);
  return new Map([...found].flatMap(([at, part]) => (part === undefined ? [] : [[at, part]])));
}

/** Everything of an identity but its name, and what follows from that. */
function signature(
  identity: IdentityPlan,
  side: AccessSide,
  nowCalled: NowCalled,
  keepsAccount: boolean,
): string {
  const { key, iamRole, grants, memberOf, sessionRole, database, ...rest } = identity;
  const own = (name: string, expected: string) => (name === expected ? "as its name" : name);
  const parts: Record<string, unknown> = {
    ...rest,
    ...("members" in rest
      ? {
          members: rest.members.map(({ databaseUser: user, ...member }) => ({
            ...member,
            user: own(user, memberUser(key, member.name)),
          })),
        }
      : { databaseUser: own(rest.databaseUser, databaseUser(key)) }),
    role: own(iamRole, iamRoleName(side.plan.environment, key)),
    grants: grants
      .map(({ database: on, schema, ...others }) =>
        JSON.stringify({ place: nowCalled(on, schema), ...others }),
      )
      .sort(),
    memberOf: memberOf.map(side.roleId).sort(),
    sessionRole: sessionRole === undefined ? null : side.roleId(sessionRole),
    database: nowCalled(database),
    ...(rest.kind === "service" && {
      configMap: own(rest.configMap, `${key}-database`),
      ...(!keepsAccount && { serviceAccount: own(rest.serviceAccount, key) }),
    }),
    ...("principals" in rest && { principals: [...rest.principals].sort() }),
  };
  return JSON.stringify(Object.entries(parts).sort(([left], [right]) => (left < right ? -1 : 1)));
}
