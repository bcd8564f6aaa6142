import { groupBy } from "../../lib/group-by";
import type { ExpectedGrant } from "../../model/access/expectation";
import { quoteIdentifier } from "../../model/postgresql/quoting";
import type { LiveGrant } from "../catalog/live-catalog";
import { type Comparison, keepsToItself } from "./comparison";
import type { Finding } from "./finding";
import { asMemberOf, deployFix } from "./fixes";

/** What privileges are on. */
export interface GrantTarget {
  /** In words. */
  readonly subject: string;
  /** As GRANT says it after ON. */
  readonly target: string;
  /** Who may revoke. */
  readonly owner: string;
  /** Who may once the object has the owner that it should. @default owner */
  readonly heir?: string;
  /** Database to revoke in. @default any */
  readonly database?: string;
  /** How many objects these are. @default 1 */
  readonly count?: number;
  /** Columns the privileges are limited to, as SQL takes them. @default none, the whole objects */
  readonly columns?: readonly string[];
  /** The plan does not know the object: others may use it, but neither the plan's roles nor everybody. @default false */
  readonly outsidePlan?: boolean;
  /** Made by an extension: the plan's grants need not be there. @default false */
  readonly optional?: boolean;
  /** What may be granted, and need not be. @default nothing */
  readonly tolerated?: readonly ExpectedGrant[];
  /** Whether no deployment grants what is missing on them, and a statement has to. @default false */
  readonly byStatement?: boolean;
  /** Statement that GRANT and REVOKE are part of, ending in a blank. @default none */
  readonly prefix?: string;
  /** The subject says how many there are, and not which. @default false */
  readonly unnamed?: boolean;
  /** @default "grant" */
  readonly topic?: Finding["topic"];
}

/** Compares an access control list with the plan. The owner's own privileges are not part of either. */
export function compareGrants(
  comparison: Comparison,
  expected: readonly ExpectedGrant[],
  live: readonly LiveGrant[],
  target: GrantTarget,
): void {
  const { watched, roles, ledger } = comparison;
  const { subject, topic = "grant", count = 1 } = target;
  const held = groupBy(live, ({ grantee }) => grantee);
  for (const { role, privileges } of target.optional ? [] : expected) {
    // A role that is missing is a finding already, and an owner needs no grant.
    if (!roles.has(role) || role === target.owner) continue;
    const has = held.get(role)?.map(({ privilege }) => privilege) ?? [];
    const lacks = privileges.filter((privilege) => !has.includes(privilege));
    if (lacks.length === 0) ledger.holds(topic, count);
    else {
      const detail = `${role} lacks ${lacks.join(", ")}`;
      const grant = `GRANT ${lacks.join(", ")} ON ${target.target} TO ${quoteIdentifier(role)};`;
      ledger.finds({
        kind: "missing",
        topic,
        subject,
        detail,
        ...(target.unnamed && { unnamed: true }),
        ...(target.byStatement
          ? asMemberOf(comparison, [target.owner], grant)
          : { fix: deployFix(comparison) }),
        ...(target.byStatement && target.database !== undefined && { database: target.database }),
      });
    }
  }
  for (const [grantee, entries] of held) {
    const concerns = grantee === "public" || watched.has(grantee);
    if (!concerns && (target.outsidePlan || keepsToItself(comparison, grantee))) continue;
    const wanted =
      [...expected, ...(target.tolerated ?? [])].find(({ role }) => role === grantee)?.privileges ?? [];
    compareGrantee(comparison, grantee, entries, wanted, target);
  }
}

function compareGrantee(
  comparison: Comparison,
  grantee: string,
  entries: readonly LiveGrant[],
  wanted: readonly string[],
  target: GrantTarget,
): void {
  const { subject, topic = "grant", owner, database, prefix = "" } = target;
  const names = (some: readonly LiveGrant[]) => [...new Set(some.map(({ privilege }) => privilege))].sort();
  const extra = names(entries.filter(({ privilege }) => !wanted.includes(privilege)));
  const grantable = names(entries.filter((each) => each.grantable && wanted.includes(each.privilege)));
  const passesOn = entries.some((each) => each.grantable);
  const columns = target.columns ? ` (${target.columns.join(", ")})` : "";
  const to = grantee === "public" ? "PUBLIC" : quoteIdentifier(grantee);
  const revoke = (option: string, privileges: readonly string[]) =>
    privileges.length === 0
      ? []
      : [
          `${prefix}REVOKE ${option}${privileges.map((each) => `${each}${columns}`).join(", ")} ON ${target.target} FROM ${to}${passesOn ? " CASCADE" : ""};`,
        ];
  const statements = [...revoke("", extra), ...revoke("GRANT OPTION FOR ", grantable)];
  if (statements.length === 0) return;
  const details = [
    ...(extra.length > 0 ? [`has ${extra.join(", ")}`] : []),
    ...(passesOn
      ? [`may grant ${names(entries.filter((each) => each.grantable)).join(", ")} on to others`]
      : []),
  ];
  comparison.ledger.finds({
    kind: "extra",
    topic,
    subject,
    detail: `${grantee === "public" ? "PUBLIC" : grantee} ${details.join(" and ")}`,
    ...(target.unnamed && { unnamed: true }),
    ...asMemberOf(comparison, [owner, target.heir ?? owner], statements.join(" ")),
    ...(database !== undefined && { database }),
  });
}
