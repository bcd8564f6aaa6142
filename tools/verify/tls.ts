import type { Comparison } from "./comparison";

/** What PostgreSQL shows for a boolean that is on, and RDS for the parameter of a group. */
const ON = ["on", "1"];

/**
 * Whether RDS refuses connections without TLS. Only the database can say: Terraform has no way to read what a parameter
 * group that it does not manage holds. A server without the setting is not RDS.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
 */
export function compareTls({ live, ledger }: Comparison): void {
  if (live.forceSsl === null) return;
  if (ON.includes(live.forceSsl)) {
    ledger.holds("setting");
    return;
  }
  ledger.finds({
    kind: "different",
    topic: "setting",
    subject: "server",
    detail: `takes connections without TLS: rds.force_ssl is ${live.forceSsl}; set it to 1 in the database's parameter group`,
  });
}
