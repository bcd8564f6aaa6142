import { type IdentityPlan, loginsOf } from "../../../model/access/identity";
import type { Finding } from "../finding";
import type { Named } from "./compare-fields";
import { leftOut, listed, named } from "./words";

/** The database users of an identity; of many a few. */
export function usersInWords(identity: IdentityPlan): string {
  return named(loginsOf(identity).map(({ databaseUser }) => databaseUser));
}

/** Whose each database user is, one a line, where {@link usersInWords} and `named` leave some out. */
export function usersLeftOut(identity: IdentityPlan): string[] {
  return leftOut(loginsOf(identity).map(({ member = "", databaseUser }) => `${member}: ${databaseUser}`));
}

/** Of people: who of them may newly take the IAM role and as whom, and who no longer may; and database users that are others. */
export function loginFindings(before: IdentityPlan, after: IdentityPlan, { subject }: Named): Finding[] {
  if (before.kind !== "people" || after.kind !== "people") return [];
  if ("members" in before && "members" in after) {
    const [old, now] = [usersByName(before), usersByName(after)];
    const gone = [...old].filter(([name]) => !now.has(name));
    const others = [...now].filter(([name, user]) => old.has(name) && old.get(name) !== user);
    return [
      ...[...now]
        .filter(([name]) => !old.has(name))
        .map(([name, user]) => widened(subject, `${name} may now take it, as ${user}`)),
      ...gone.map(([name, user]) => narrowed(subject, `${name} may no longer take it, and was ${user}`)),
      ...others.map(([name, user]) =>
        widened(subject, `${name} logs in as another database user: ${user}, and was ${old.get(name)}`),
      ),
    ];
  }
  if ("members" in after) {
    return [
      narrowed(
        subject,
        `only ${people(after)} may take it, each as a database user of their own (${usersInWords(after)}), and no longer all as ${usersInWords(before)}`,
        usersLeftOut(after),
      ),
    ];
  }
  if ("members" in before) {
    return [
      widened(
        subject,
        `whoever its principals let may take it, all as ${usersInWords(after)}, and no longer only ${people(before)}, each as a database user of their own`,
        usersLeftOut(before),
      ),
    ];
  }
  return before.databaseUser === after.databaseUser
    ? []
    : [
        widened(
          subject,
          `logs in as another database user: ${after.databaseUser}, and was ${before.databaseUser}`,
        ),
      ];
}

/** Names of members; of many a few. */
export function people(identity: IdentityPlan): string {
  const names = loginsOf(identity).map(({ member = "" }) => member);
  return leftOut(names).length > 0 ? named(names) : listed(names);
}

function usersByName(identity: IdentityPlan): Map<string, string> {
  return new Map(loginsOf(identity).map(({ member = "", databaseUser }) => [member, databaseUser]));
}

function widened(subject: string, what: string, details: readonly string[] = []): Finding {
  return {
    kind: "trust-widened",
    subject,
    text: `${subject}: ${what}`,
    ...(details.length > 0 && { details: [...details] }),
  };
}

function narrowed(subject: string, what: string, details: readonly string[] = []): Finding {
  return { ...widened(subject, what, details), kind: "trust-narrowed" };
}
