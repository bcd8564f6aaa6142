import type { Finding } from "../finding";
import { type CodeUse, codeUses, type Roles } from "./code-use";
import type { Draft } from "./draft";
import { beyond, rightsAt } from "./effective";
import { isSchema } from "./places";
import { type AccessSide, type Right, rightId } from "./rights";
import { leftOut, named, rightsInWords } from "./words";

/** Rights that an identity gains in one place, and the finding that says so. */
export interface Cause {
  readonly key: string;
  readonly place: string;
  readonly rights: readonly Right[];
  readonly finding: Draft;
}

/** One direction of a change: from what was to what will be, or the other way round for what is lost. */
export interface Direction {
  readonly kind: "borrowed-rights-gained" | "borrowed-rights-lost";
  readonly from: { readonly side: AccessSide; readonly roles: Roles };
  readonly to: { readonly side: AccessSide; readonly roles: Roles };
  readonly causes: readonly Cause[];
}

/**
 * What authors of schemas' code gain by those who use it, since it runs with these users' rights
 * (model/access/borrowed-rights.ts). What follows from a cause is put to its finding; what follows from none is returned.
 */
export function borrowedFindings({ kind, from, to, causes }: Direction): Finding[] {
  const was = codeUses(from.side, from.roles);
  const is = codeUses(to.side, to.roles);
  const causesAt = new Map<string, Cause[]>();
  const touched = new Set<string>();
  for (const cause of causes) {
    const known = causesAt.get(cause.place);
    if (known) known.push(cause);
    else causesAt.set(cause.place, [cause]);
    for (const role of to.roles.get(cause.key) ?? []) {
      for (const place of to.side.rights.get(role)?.keys() ?? []) if (isSchema(place)) touched.add(place);
    }
  }
  const say = (code: string, authors: readonly string[], what: string, by: readonly string[]): Finding => {
    const verb = `${kind === "borrowed-rights-gained" ? "gain" : "lose"}${authors.length === 1 ? "s" : ""}`;
    const details = [...leftOut(authors), ...leftOut(by)];
    return {
      kind,
      subject: code,
      text: `${code}: ${named(authors)}, who may write its code, ${verb} ${what} through ${named(by)}`,
      ...(details.length > 0 && { details }),
    };
  };

  /** Of those who wrote the code before: by whoever newly uses it, or gained something where it can act. */
  const byTheirUsers = (code: string, place: string, [old, now]: readonly [CodeUse, CodeUse]): Finding[] => {
    const authors = now.authors.filter((key) => old.authors.includes(key));
    const gained = authors.length === 0 ? [] : beyond(now.reach(place), old.reach(place), from.side);
    if (gained.length === 0) return [];
    const ids = new Map(gained.map((right) => [rightId(right), right]));
    const unexplained = new Map(ids);
    const consequences = new Map<Draft, { by: Set<string>; rights: Set<Right>; same: boolean }>();
    const newUsers = (causesAt.get(code) ?? []).filter(({ key }) => !old.users.has(key));
    for (const cause of [...(causesAt.get(place) ?? []), ...newUsers]) {
      const own = rightsAt(to.side, now.users.get(cause.key) ?? [], place);
      const its = [...ids].filter(([id]) => own.has(id));
      if (its.length === 0) continue;
      const found = consequences.get(cause.finding) ?? { by: new Set(), rights: new Set(), same: true };
      found.by.add(cause.key);
      for (const [id, right] of its) {
        found.rights.add(right);
        unexplained.delete(id);
      }
      // What the line says already is not said twice.
      const saysIt = cause.finding.kind === "access-gained" || cause.finding.kind === "access-lost";
      found.same &&= saysIt && cause.place === place && cause.rights.length === its.length;
      consequences.set(cause.finding, found);
    }
    for (const [finding, { by, rights, same }] of consequences) {
      const what = same ? "the same" : `${rightsInWords([...rights], to.side)} in ${place}`;
      finding.also.push(say(code, authors, what, [...by]));
    }
    if (unexplained.size === 0) return [];
    const what = `${rightsInWords([...unexplained.values()], to.side)} in ${place}`;
    return [say(code, authors, what, [...now.users.keys()])];
  };

  /** Of those who did not write the code before: all that it can do. */
  const byTheCode = (code: string, place: string, [old, now]: readonly [CodeUse, CodeUse]): Finding[] =>
    now.authors
      .filter((key) => !old.authors.includes(key))
      .flatMap((author): Finding[] => {
        const own = rightsAt(to.side, now.users.get(author) ?? [], place);
        const borrowed = beyond(now.reach(place), own, to.side);
        if (borrowed.length === 0) return [];
        const by = [...now.users].filter(
          ([key, roles]) => key !== author && rightsAt(to.side, roles, place).size > 0,
        );
        const what = `${rightsInWords(borrowed, to.side)} in ${place}`;
        const finding = say(
          code,
          [author],
          what,
          by.map(([key]) => key),
        );
        const cause = causesAt.get(code)?.find(({ key }) => key === author);
        cause?.finding.also.push(finding);
        return cause === undefined ? [finding] : [];
      });

  return [...touched].sort().flatMap((code) => {
    const sides = [was(code), is(code)] as const;
    if (sides[1].authors.length === 0) return [];
    return sides[1].places.flatMap((place) => [
      ...byTheirUsers(code, place, sides),
      ...byTheCode(code, place, sides),
    ]);
  });
}
