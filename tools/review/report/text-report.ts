import { terminalText } from "../../../lib/terminal-text";
import type { Review } from "../result";

/** A review for a terminal. */
export function textReport({ base, head, environments, outcome, digest }: Review): string {
  const lines = environments.flatMap(({ name, findings }) => [
    `${name}: ${base} → ${head}`,
    ...findings.map(({ decision, text }) => `  ${decision.padEnd(8)} ${terminalText(text)}`),
    "",
  ]);
  return [...lines, outcome, ...(digest ? [`digest ${digest}`] : [])].join("\n");
}
