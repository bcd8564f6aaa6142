import { type AdminSetting, adminSettings } from "../../model/postgresql/admin-settings";
import { quoteIdentifier, quoteLiteral } from "../../model/postgresql/quoting";
import type { LiveSetting } from "../catalog/live-catalog";
import type { Comparison } from "./comparison";

/**
 * Whether the admin's sessions are safe from what others put into schemas. Terraform cannot set this: the provider takes
 * every membership from a role that it changes, and would have to take the admin's.
 */
export function compareAdmin(comparison: Comparison): void {
  const { expected, roles, ledger } = comparison;
  const admin = roles.get(expected.admin);
  if (!admin) {
    ledger.finds({
      kind: "missing",
      topic: "role",
      subject: `admin ${expected.admin}`,
      detail: "there is no such role; say in database.existing.adminUser who Terraform works as",
    });
    return;
  }
  for (const setting of adminSettings) {
    const found = admin.settings.filter((each) => each.setting.startsWith(`${setting.name}=`));
    compareSetting(comparison, setting, found);
  }
}

function compareSetting(
  { expected, ledger }: Comparison,
  { name, value, stored }: AdminSetting,
  found: readonly LiveSetting[],
): void {
  const about = { topic: "setting", subject: `admin ${expected.admin}` } as const;
  const alter = `ALTER ROLE ${quoteIdentifier(expected.admin)}`;
  const everywhere = found.find(({ database }) => database === null)?.setting;
  if (everywhere === stored) ledger.holds("setting");
  else {
    const fix = `${alter} SET ${name} = ${quoteLiteral(value)};`;
    ledger.finds(
      everywhere === undefined
        ? { ...about, kind: "missing", detail: `lacks the setting ${stored}`, fix }
        : { ...about, kind: "different", detail: `has the setting ${everywhere} in place of ${stored}`, fix },
    );
  }
  for (const { database, setting } of found) {
    if (database === null) continue;
    ledger.finds({
      ...about,
      kind: "extra",
      detail: `has the setting ${setting} in the database ${database}`,
      fix: `${alter} IN DATABASE ${quoteIdentifier(database)} RESET ${name};`,
    });
  }
}
