import type { ExpectedDatabase } from "../../model/access/expectation";
import { quoteIdentifier, quoteLiteral } from "../../model/postgresql/quoting";
import type { LiveDatabase, LivePolicy, LiveProtectedTable } from "../catalog/live-catalog";
import type { Comparison } from "./comparison";
import { asMemberOf } from "./fixes";

/**
 * Row-level policies that a member of a role can drop, and tables of which somebody may have: `DROP OWNED BY` a role, which
 * asks for nothing but membership, takes the role out of every policy that names it, and drops those that name no other.
 * No plan says what policies there were, so what is found is what can be lost, or looks lost.
 */
export function comparePolicies(
  comparison: Comparison,
  database: ExpectedDatabase,
  found: LiveDatabase,
): void {
  const { ledger } = comparison;
  for (const table of found.protectedTables) {
    if (found.dropOwnedGuarded) {
      ledger.holds("policy", table.policies.length);
      continue;
    }
    const subject = `table ${database.name}.${table.schema}.${table.name}`;
    const planned = database.schemas.some(({ name }) => name === table.schema);
    if (planned && table.policies.length === 0) {
      const detail =
        "shows rows to nobody but its owner: it has row-level security and no policy, and whoever a policy names can drop it (DROP OWNED BY)";
      ledger.finds({ kind: "different", topic: "policy", subject, detail });
    }
    for (const policy of table.policies) comparePolicy(comparison, subject, table, policy, database.name);
  }
}

function comparePolicy(
  comparison: Comparison,
  subject: string,
  table: LiveProtectedTable,
  policy: LivePolicy,
  database: string,
): void {
  const { watched, ledger } = comparison;
  // An owner may drop its policies anyway.
  const named = policy.roles.filter((role) => role !== table.owner && watched.has(role));
  if (named.length === 0) {
    ledger.holds("policy");
    return;
  }
  ledger.finds({
    kind: "different",
    topic: "policy",
    subject,
    detail: `has the policy ${policy.name}, which whoever has the rights of ${named.join(" or ")} can drop (DROP OWNED BY)`,
    ...asMemberOf(comparison, [table.owner], forPublic(table, policy)),
    database,
  });
}

/** The same policy for everybody, with its roles as a condition: what PostgreSQL asks of `TO role` itself. */
function forPublic({ schema, name }: LiveProtectedTable, policy: LivePolicy): string {
  const has = policy.roles
    .map((role) => `pg_has_role(current_user, ${quoteLiteral(role)}, 'USAGE')`)
    .join(" OR ");
  const also = (expression: string) =>
    policy.permissive ? `(${has}) AND (${expression})` : `NOT (${has}) OR (${expression})`;
  const clauses = [
    ...(policy.using === null ? [] : [` USING (${also(policy.using)})`]),
    ...(policy.check === null ? [] : [` WITH CHECK (${also(policy.check)})`]),
  ];
  return `ALTER POLICY ${policy.name} ON ${quoteIdentifier(schema)}.${name} TO PUBLIC${clauses.join("")};`;
}
