import { accessRules } from "./access/rules";
import { clusterRules } from "./cluster/rules";
import { databaseRules } from "./database/rules";
import { demoRules } from "./demo/rules";
import { networkRules } from "./network/rules";
import type { Problem } from "./problem";
import { reviewRules } from "./review/rules";
import type { Rule } from "./rule";
import type { EnvironmentFile } from "./schema";
import { settingsRules } from "./settings/rules";
import { verifyRules } from "./verify/rules";

const RULES: readonly Rule[] = [
  ...settingsRules,
  ...networkRules,
  ...clusterRules,
  ...databaseRules,
  ...accessRules,
  ...demoRules,
  ...reviewRules,
  ...verifyRules,
];

/**
 * Everything wrong between the values of a file.
 * @param unread paths the schema refused, joined by dots: rules that read them are left out
 */
export function ruleProblems(file: EnvironmentFile, unread: readonly string[] = []): Problem[] {
  const touches = (path: string, part: string) =>
    `${path}.`.startsWith(`${part}.`) || `${part}.`.startsWith(`${path}.`);
  return RULES.filter(
    ({ reads }) => !reads.some((part) => unread.some((path) => touches(path, part))),
  ).flatMap(({ check }) => check(file));
}
