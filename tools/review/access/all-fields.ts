import { groupBy } from "../../../lib/group-by";
import type { AnyService, IdentityPlan, MemberPlan, PeopleIdentity } from "../../../model/access/identity";
import type { NamespacePlan } from "../../../model/access/namespace";
import type { Finding } from "../finding";
import { acceptedFindings } from "./accepted-findings";
import { compareFields, ELSEWHERE } from "./compare-fields";
import { extensionName, pairExtensions } from "./extensions";
import {
  DATABASE,
  EXTENSION,
  GRANT,
  GROUP,
  IDENTITIES,
  IDENTITY_GRANT,
  MEMBER,
  NAMESPACE,
  PLAN,
  RENAMED_FROM,
  SCHEMA,
} from "./fields";
import { type IdentityPair, sectionOf } from "./identity-pairs";
import { loginFindings } from "./members";
import type { Reach } from "./namespace-reach";
import { type Pair, type Places, pairByName, placeOf } from "./places";
import { type AccessSide, type NowCalled, written } from "./rights";
import { accountsOf, placeFindings } from "./runs-elsewhere";
import type { AboutIdentity } from "./trust";
import { leftOut, named } from "./words";

/** Both sides of a comparison, part by part. */
export interface Compared {
  readonly before: AccessSide;
  readonly after: AccessSide;
  readonly places: Places;
  readonly identities: readonly IdentityPair[];
  readonly namespaces: readonly Pair<NamespacePlan>[];
  readonly reach: Reach;
}

/** What differs in every field of every part of the plan, by the rules of fields.ts. */
export function fieldFindings({ before, after, places, identities, namespaces, reach }: Compared): Finding[] {
  const environment = after.plan.environment;
  const accounts = accountsOf(before.plan, after.plan);
  const plans = { before: before.plan, after: after.plan, accounts, reach };
  return together(environment, [
    ...compareFields(PLAN, before.plan, after.plan, { subject: environment }),
    ...acceptedFindings(before.plan, after.plan),
    ...identities.flatMap((pair) => identityFields(pair, plans, places.nowCalled)),
    ...namespaces.flatMap(({ before: old, after: now }) =>
      compareFields(NAMESPACE, old, now, { subject: (now ?? old)?.name ?? "" }),
    ),
    ...placeFields(places),
    ...grantFields(before, after),
  ]);
}

function identityFields(
  { before, after, renamed }: IdentityPair,
  plans: Omit<AboutIdentity, "subject">,
  nowCalled: NowCalled,
): Finding[] {
  // Of one that is renamed everything else is the same.
  if (renamed) return [];
  const about = { subject: (after ?? before)?.key ?? "", ...plans };
  const old = before && { ...before, database: startsIn(before, after, nowCalled) };
  const grants = pairByName(
    (before?.grants ?? []).map((grant) => ({ ...grant, place: nowCalled(grant.database, grant.schema) })),
    (after?.grants ?? []).map((grant) => ({ ...grant, place: written(grant.database, grant.schema) })),
    ({ place }) => place,
  );
  return [
    ...(old && after ? placeFindings(old, after, about) : []),
    ...(old && after ? loginFindings(old, after, about) : []),
    ...ownFields(old, after, about),
    ...pairByName(membersOf(before), membersOf(after), ({ name }) => name).flatMap(
      ({ before: was, after: is }) =>
        compareFields(MEMBER, was, is, { subject: about.subject, part: `member ${(is ?? was)?.name}` }),
    ),
    ...grants.flatMap(({ before: was, after: is }) => {
      const place = (is ?? was)?.place;
      return compareFields({ ...IDENTITY_GRANT, place: ELSEWHERE }, was, is, {
        subject: about.subject,
        part: `grant on ${place}`,
      });
    }),
  ];
}

/**
 * Where its sessions started, as far as it is for itself to say: another name is said of the database, and where people
 * start follows from their grants.
 */
function startsIn(before: IdentityPlan, after: IdentityPlan | undefined, nowCalled: NowCalled): string {
  const isFirst = ({ kind, database, grants: [first] }: IdentityPlan) =>
    kind === "people" && database === first?.database;
  return after && isFirst(before) && isFirst(after) ? after.database : nowCalled(before.database);
}

/** By the rules of its kind. Services that run elsewhere than before are of another, and nothing else is. */
function ownFields(
  before: IdentityPlan | undefined,
  after: IdentityPlan | undefined,
  about: AboutIdentity,
): Finding[] {
  if (isService(before) && isService(after)) {
    const moved = before && after && before.kind !== after.kind;
    return compareFields(moved ? IDENTITIES.serviceElsewhere : IDENTITIES.service, before, after, about);
  }
  if (isPeople(before) && isPeople(after)) return compareFields(IDENTITIES.people, before, after, about);
  return compareFields(IDENTITIES.other, before, after, about);
}

function placeFields({ databases, schemas }: Places): Finding[] {
  return [
    ...databases.flatMap(({ before, after }) =>
      compareFields(DATABASE, before, after, { subject: (after ?? before)?.name ?? "" }),
    ),
    ...databases.flatMap((database) =>
      pairExtensions(database).flatMap(({ before, after }) =>
        compareFields(EXTENSION, before, after, { subject: extensionName(database, after ?? before) }),
      ),
    ),
    ...schemas.flatMap(({ before, after }): Finding[] => {
      const only = after ?? before;
      const subject = only === undefined ? "" : placeOf(only);
      const [old, now] = [before?.schema, after?.schema];
      const groups = pairByName(old?.groups ?? [], now?.groups ?? [], ({ level }) => level);
      return [
        ...compareFields(SCHEMA, old, now, { subject }),
        ...compareFields(RENAMED_FROM, old?.renamedFrom, now?.renamedFrom, { subject, part: "renamedFrom" }),
        ...groups.flatMap((group) => {
          const part = `group of ${(group.after ?? group.before)?.level}`;
          return compareFields(GROUP, group.before, group.after, { subject, part });
        }),
      ];
    }),
  ];
}

function grantFields(before: AccessSide, after: AccessSide): Finding[] {
  return [...new Set([...before.grants.keys(), ...after.grants.keys()])].flatMap((id): Finding[] => {
    const [old, now] = [before.grants.get(id), after.grants.get(id)];
    const entry = now ?? old;
    if (entry === undefined) return [];
    const to = `${entry.creator === undefined ? "grant" : "default privileges"} of ${entry.on} to ${after.nameOf(entry.role)}`;
    return compareFields(GRANT, old?.grant, now?.grant, { subject: entry.place, part: to });
  });
}

/** Differences of one kind in this many parts are one finding: a field that is new everywhere is read once. */
const MANY = 4;

function together(environment: string, findings: readonly Finding[]): Finding[] {
  const alike = groupBy(findings, (finding) => {
    const what = finding.kind === "unexplained" ? finding.text.slice(finding.subject.length) : "";
    return what === "" ? JSON.stringify(finding) : JSON.stringify([what, finding.content]);
  });
  return [...alike.values()].flatMap((same): readonly Finding[] => {
    const [first] = same;
    if (first === undefined || same.length < MANY) return same;
    const subjects = [...new Set(same.map(({ subject }) => subject))];
    const text = `${environment}: ${named(subjects)}${first.text.slice(first.subject.length)}`;
    return [{ ...first, subject: environment, text, details: leftOut(subjects) }];
  });
}

function membersOf(identity: IdentityPlan | undefined): readonly MemberPlan[] {
  return identity && "members" in identity ? identity.members : [];
}

function isService(identity: IdentityPlan | undefined): identity is AnyService | undefined {
  return identity === undefined || sectionOf(identity) === "services";
}

function isPeople(identity: IdentityPlan | undefined): identity is PeopleIdentity | undefined {
  return identity === undefined || sectionOf(identity) === "people";
}
