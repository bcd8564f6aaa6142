import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { AccessPlan } from "../../../../model/access/plan";
import { compareAccess } from "../../../../tools/review/access/compare-access";
import { effectOf, type Finding } from "../../../../tools/review/finding";
import { randomCases } from "../../../helpers/extent";
import { generatedPlans } from "../../../postgres/generated-plans";
import { changedPlans, movedPlans } from "./changed-plans";
import { mayDo, more, whoAndWhere } from "./effective";
import { altered } from "./plans";

/** Findings and everything that follows from them. */
function flat(findings: readonly Finding[]): Finding[] {
  return findings.flatMap((finding) => [finding, ...flat(finding.also ?? [])]);
}

/** The words of a finding: names of identities and schemas are whole ones. */
function wordsOf({ text, details = [] }: Finding): Set<string> {
  return new Set([text, ...details].join(" ").split(/[\s,:;()]+/));
}

/** Findings that say what an identity may newly do. */
function gains(findings: readonly Finding[]): Finding[] {
  return flat(findings).filter(({ kind }) => kind === "access-gained" || kind === "identity-added");
}

/** Whoever has a grant in a database with extensions may use public: that is no news of an identity's. */
function isForExtensions({ databases }: AccessPlan, right: string): boolean {
  return databases.some(
    ({ name, extensions }) =>
      extensions !== undefined && right.endsWith(` ${name}.public schema USAGE that exist`),
  );
}

const cases = randomCases(250);

describe("for whatever plans", () => {
  test("a plan compared with itself has no finding", () => {
    fc.assert(
      fc.property(generatedPlans(), (plan) => {
        expect(
          compareAccess(
            plan,
            altered(plan, () => {}),
          ),
        ).toEqual([]);
      }),
      cases,
    );
  });

  test("whoever gains a privilege anywhere is named with the schema in a widened finding, and nobody else is", () => {
    fc.assert(
      fc.property(changedPlans(), ({ before, after }) => {
        const rights = more(mayDo(before), mayDo(after));
        const gained = whoAndWhere(rights);
        const said = gains(compareAccess(before, after)).map(wordsOf);
        const silent = whoAndWhere(rights.filter((right) => !isForExtensions(after, right))).filter(
          (pair) => {
            const [key = "", place = ""] = pair.split(" ");
            return !said.some((words) => words.has(key) && words.has(place));
          },
        );
        expect(silent).toEqual([]);
        const findings = flat(compareAccess(before, after)).filter(({ kind }) => kind === "access-gained");
        const invented = findings.filter((finding) => {
          const words = wordsOf(finding);
          const names = gained.some((pair) => pair.split(" ").every((word) => words.has(word)));
          return !names && !/ the database|for anybody today|newly a member/.test(finding.text);
        });
        expect(invented).toEqual([]);
      }),
      cases,
    );
  });

  test("nothing is widened by less: what is taken from grants and memberships, and identities that go", () => {
    fc.assert(
      fc.property(changedPlans({ less: true }), ({ before, after }) => {
        const widened = flat(compareAccess(before, after)).filter(
          (finding) => effectOf(finding) === "widened",
        );
        expect(widened).toEqual([]);
      }),
      cases,
    );
  });

  test("what one side gains the other loses, in the same words", () => {
    const said = (findings: readonly Finding[], kinds: readonly string[], verb: RegExp) =>
      flat(findings)
        .filter(({ kind }) => kinds.includes(kind))
        .map(({ subject, text }) => `${subject}: ${text.split(verb).slice(1).join(" ").replace(/\)$/, "")}`)
        .sort();
    fc.assert(
      fc.property(changedPlans(), ({ before, after }) => {
        const [there, back] = [compareAccess(before, after), compareAccess(after, before)];
        for (const what of ["access", "borrowed-rights"]) {
          const gained = said(there, [`${what}-gained`], /\bgains? /);
          expect(said(back, [`${what}-lost`], /\bloses? /)).toEqual(gained);
        }
        expect(said(back, ["identity-removed"], / and had /)).toEqual(
          said(there, ["identity-added"], / and has /),
        );
      }),
      cases,
    );
  });

  test("a service that runs elsewhere stays who it is: others may become it, and no longer those before", () => {
    fc.assert(
      fc.property(movedPlans(), ({ before, after, key }) => {
        fc.pre(!isDeepStrictEqual(before, after));
        const [was, is] = [before, after].map(
          ({ identities }) => identities.find((each) => each.key === key)?.kind,
        );
        const findings = compareAccess(before, after);
        for (const finding of findings) expect(finding.subject).toBe(key);
        const kinds = findings.map(({ kind }) => kind);
        expect(kinds.filter((kind) => !/^(trust-|connection-)/.test(kind))).toEqual([]);
        expect(kinds.some((kind) => kind.startsWith("trust-"))).toBe(true);
        if (was !== is) expect(kinds).toEqual(expect.arrayContaining(["trust-widened", "trust-narrowed"]));
      }),
      cases,
    );
  });

  test("two that differ are never the same finding", () => {
    fc.assert(
      fc.property(changedPlans(), ({ before, after, other }) => {
        fc.pre(!isDeepStrictEqual(after, other));
        expect(compareAccess(before, other)).not.toEqual(compareAccess(before, after));
      }),
      cases,
    );
  });
});
