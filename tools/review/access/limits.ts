import type { IdentityPlan } from "../../../model/access/identity";
import { settingsInWords } from "../../../model/access/limits";
import type { AccessPlan } from "../../../model/access/plan";
import { durationText, IDLE_IN_TRANSACTION_TIMEOUT } from "../../../model/postgresql/durations";
import type { Finding } from "../finding";
import type { IdentityPair } from "./identity-pairs";
import type { LimitChange } from "./limit-change";
import type { NowCalled } from "./rights";
import { searchPathChange } from "./search-path";
import { proxyChange, roleTakingChange } from "./ways-in";
import { leftOut, named } from "./words";

/** Finds a change of one kind. */
type Describe = (before: IdentityPlan, after: IdentityPlan) => LimitChange | undefined;

/** Of limits, settings and ways in: one finding for all whose own changed in the same way. */
export function limitFindings(
  base: AccessPlan,
  head: AccessPlan,
  pairs: readonly IdentityPair[],
  nowCalled: NowCalled,
): Finding[] {
  const both = pairs.flatMap(({ before, after }) => (before && after ? [{ before, after }] : []));
  return [
    connectionChange,
    timeChange("statementTimeout", "statements may run"),
    timeChange("idleInTransactionSessionTimeout", "transactions may wait for their next statement", {
      usual: IDLE_IN_TRANSACTION_TIMEOUT,
    }),
    searchPathChange(base, head, nowCalled),
    proxyChange,
    roleTakingChange,
  ].flatMap((describe: Describe) => together(head.environment, both, describe));
}

function together(
  environment: string,
  pairs: readonly { readonly before: IdentityPlan; readonly after: IdentityPlan }[],
  describe: Describe,
): Finding[] {
  const alike = new Map<string, LimitChange & { readonly keys: string[] }>();
  for (const { before, after } of pairs) {
    const change = describe(before, after);
    if (!change) continue;
    const at = `${change.kind} ${change.text("")}`;
    const found = alike.get(at) ?? { ...change, keys: [] };
    found.keys.push(after.key);
    alike.set(at, found);
  }
  return [...alike.values()].map(({ kind, text, keys }): Finding => {
    const [only] = keys;
    if (keys.length === 1 && only !== undefined) return { kind, subject: only, text: `${only}: ${text("")}` };
    const all = keys.length === pairs.length;
    const details = all ? keys : leftOut(keys);
    return {
      kind,
      subject: environment,
      text: `${environment}: ${all ? `all ${keys.length} identities` : named(keys)}: ${text(" each")}`,
      ...(details.length > 0 && { details }),
    };
  });
}

function connectionChange(before: IdentityPlan, after: IdentityPlan): LimitChange | undefined {
  if (before.connectionLimit === after.connectionLimit) return undefined;
  return {
    kind: most(after) > most(before) ? "limit-raised" : "limit-lowered",
    text: (each) => `${connections(after)} connections at once${each}, and had ${connections(before)}`,
  };
}

/**
 * Of a time after which PostgreSQL ends something. Without one the database decides, of which the plan knows nothing: that
 * counts for as long as can be.
 * @param usual what databases made here have: a time of its own that is longer raises that
 */
function timeChange(
  field: "statementTimeout" | "idleInTransactionSessionTimeout",
  what: string,
  { usual = Number.POSITIVE_INFINITY } = {},
): Describe {
  const inWords = (time: number | undefined) =>
    time === undefined || time <= 0 ? "as long as the database lets them" : durationText(time);
  // To PostgreSQL 0 is none.
  const longest = (time: number | undefined, unset: number) =>
    time === undefined || time <= 0 ? unset : time;
  return ({ [field]: before }, { [field]: after }) => {
    if (before === after) return undefined;
    const raised = longest(after, Number.POSITIVE_INFINITY) > longest(before, usual);
    return {
      kind: raised ? "limit-raised" : "limit-lowered",
      text: () => `${what} ${inWords(after)} instead of ${inWords(before)}`,
    };
  };
}

/** What an identity that is new may do at once, and for how long. */
export function limitsInWords(identity: IdentityPlan): string {
  const settings = settingsInWords(identity).map((setting) => setting.join(" "));
  const each = "members" in identity ? " each" : "";
  return [`${connections(identity)} connections at once${each}`, ...settings].join(", ");
}

/** To PostgreSQL a negative limit is none. */
function most({ connectionLimit }: IdentityPlan): number {
  return connectionLimit < 0 ? Number.POSITIVE_INFINITY : connectionLimit;
}

function connections(identity: IdentityPlan): string {
  return most(identity) === Number.POSITIVE_INFINITY
    ? "any number of"
    : `at most ${identity.connectionLimit}`;
}
