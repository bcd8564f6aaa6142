import type { ExpectedRole } from "../../model/access/expectation";
import { SEARCH_PATH } from "../../model/access/limits";
import { quoteIdentifier, quoteLiteral } from "../../model/postgresql/quoting";
import type { LiveRole } from "../catalog/live-catalog";
import { type Comparison, roleInWords } from "./comparison";
import { changeRole, deployFix } from "./fixes";

/** What `ALTER ROLE … SET` gave a role: exactly what is planned, for all databases alike. */
export function compareSettings(comparison: Comparison, role: ExpectedRole, found: LiveRole): void {
  const { ledger } = comparison;
  const subject = roleInWords(comparison, role.name);
  const alter = (database: string | null) =>
    `ALTER ROLE ${quoteIdentifier(role.name)}${database === null ? "" : ` IN DATABASE ${quoteIdentifier(database)}`}`;
  const everywhere = found.settings.filter(({ database }) => database === null);
  for (const setting of role.settings) {
    const name = nameOf(setting);
    const actual = everywhere.find((each) => nameOf(each.setting) === name)?.setting;
    if (actual !== undefined && spelled(actual) === setting) ledger.holds("setting");
    else if (actual === undefined) {
      const detail = `lacks the setting ${setting}`;
      ledger.finds({ kind: "missing", topic: "setting", subject, detail, fix: deployFix(comparison) });
    } else {
      const detail = `has the setting ${actual} in place of ${setting}${stopsTerraform(actual)}`;
      const value = setting.slice(name.length + 1);
      // One literal would be one name, whatever commas are in it.
      const fix = `${alter(null)} SET ${name} = ${name === SEARCH_PATH ? value : quoteLiteral(value)};`;
      const remedy = changeRole(comparison, role.name, fix);
      ledger.finds({ kind: "different", topic: "setting", subject, detail, ...remedy });
    }
  }
  const expectedNames = role.settings.map(nameOf);
  for (const { database, setting, superuser } of found.settings) {
    if (database === null && expectedNames.includes(nameOf(setting))) continue;
    const name = nameOf(setting).split(".").map(quoteIdentifier).join(".");
    ledger.finds({
      kind: "extra",
      topic: "setting",
      subject,
      detail: `has the setting ${setting}${database === null ? stopsTerraform(setting) : ` in the database ${database}`}`,
      ...changeRole(comparison, role.name, `${alter(database)} RESET ${name};`),
      ...(superuser && { by: "superuser" }),
    });
  }
}

function nameOf(setting: string): string {
  return setting.slice(0, setting.indexOf("="));
}

/** Any login may give itself one, and any member its group: the provider reads them as numbers, and ends with an error at a unit. */
function stopsTerraform(setting: string): string {
  return /^(statement_timeout|idle_in_transaction_session_timeout)=(?!\d+$)/.test(setting)
    ? ", which Terraform's provider cannot read: until it is gone, no deployment goes on"
    : "";
}

/** A setting with each name of a search_path in quotes: the catalogs have them only where a version of PostgreSQL needs them. */
function spelled(setting: string): string {
  if (nameOf(setting) !== SEARCH_PATH) return setting;
  const names = setting.slice(SEARCH_PATH.length + 1).match(/"(?:[^"]|"")*"|[^\s,"]+/g) ?? [];
  const quoted = names.map((name) => (name.startsWith('"') ? name : quoteIdentifier(name.toLowerCase())));
  return `${SEARCH_PATH}=${quoted.join(", ")}`;
}
