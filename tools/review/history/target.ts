import type { AccessPlan } from "../../../model/access/plan";
import { accessChanges, keyOf } from "../access/access-changes";
import { accessSide } from "../access/access-side";
import { compareAccess } from "../access/compare-access";
import { pairIdentities } from "../access/identity-pairs";
import { pairPlaces, placeOf } from "../access/places";
import { written } from "../access/rights";
import type { Finding } from "../finding";

/** What a change did to one identity or schema. */
export interface TargetChange {
  /** In words, each a line; none when it did nothing. */
  readonly texts: readonly string[];
  /** What the identity or schema was called before. */
  readonly calledBefore: string;
}

/** Whether a name is that of a schema, `<database>.<schema>`; the others are identities. */
export function isSchemaName(target: string): boolean {
  return target.includes(".");
}

/** Every identity and schema of a plan. */
export function targetsOf({ identities, databases }: AccessPlan): string[] {
  const schemas = databases.flatMap((database) =>
    database.schemas.map((schema) => placeOf({ database, schema })),
  );
  return [...identities.map(({ key }) => key), ...schemas];
}

/**
 * What a change did to an identity's access, or to everybody's access to a schema.
 * @param target what it is called after the change
 */
export function changeOf(target: string, before: AccessPlan | undefined, after: AccessPlan): TargetChange {
  const base = before ?? { ...after, databases: [], identities: [], namespaces: [] };
  const { nowCalled, schemas } = pairPlaces(base, after);
  const [old, now] = [accessSide(base, nowCalled), accessSide(after, written)];
  const identities = pairIdentities(old, now, nowCalled);
  const changes = accessChanges(old, now, identities, nowCalled).filter(
    ({ key, place }) => target === (isSchemaName(target) ? place : key),
  );
  const findings = compareAccess(before, after);
  // By its old name an identity's last line is the rename.
  const renamedTo = identities.filter((pair) => pair.renamed && pair.before?.key === target).map(keyOf);
  const chosen = findings.filter((finding) =>
    isSchemaName(target)
      ? mentions(finding, target)
      : [target, ...renamedTo].some(
          (name) =>
            isAbout(finding, name) ||
            // What many have in common is said of the environment, and names them.
            (finding.subject === after.environment && names(finding, name)),
        ),
  );
  // Nobody's gain or loss is left out because it is told in words that do not name it.
  const others = changes
    .filter(({ key }) => !chosen.some((finding) => mentions(finding, key)))
    .flatMap(({ key, place }) => {
      const ofKey = findings.filter((finding) => mentions(finding, key));
      return ofKey.length > 0 ? ofKey.map(inOneLine) : [`${key}: ${place}: other rights than before`];
    });
  return {
    texts: [...new Set([...chosen.map(inOneLine), ...others])],
    calledBefore:
      identities.find((pair) => keyOf(pair) === target && pair.renamed)?.before?.key ??
      schemas.flatMap(({ before: was, after: is }) =>
        was && is && placeOf(is) === target ? [placeOf(was)] : [],
      )[0] ??
      target,
  };
}

/** Whether a finding is about it, or what follows from it is. */
function isAbout({ subject, also = [] }: Finding, name: string): boolean {
  return subject === name || also.some((each) => isAbout(each, name));
}

/** Whether a finding about several of an environment is about one: it says first of whom, and in the details of whom else. */
function names({ subject, text, details }: Finding, name: string): boolean {
  const [whom = "", ...what] = text.slice(`${subject}: `.length).split(": ");
  const said = what.length > 0 ? whom : "";
  return mentions({ kind: "unexplained", subject, text: said, ...(details && { details }) }, name);
}

/** Whether a finding says something of a name, or what follows from it does. */
function mentions({ subject, text, details = [], also = [] }: Finding, name: string): boolean {
  const word = new RegExp(`(?<![\\w.-])${name.replaceAll(/[^\w-]/g, "\\$&")}(?![\\w-])`);
  return (
    subject === name ||
    [text, ...details].some((line) => word.test(line)) ||
    also.some((each) => mentions(each, name))
  );
}

function inOneLine({ text, also = [] }: Finding): string {
  return [text, ...also.map(inOneLine)].join("; ");
}
