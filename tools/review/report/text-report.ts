import { terminalText } from "../../../lib/terminal-text";
import type { JudgedFinding } from "../finding";
import type { Review } from "../result";

/** A review for a terminal. */
export function textReport({ base, head, findings, environments, outcome, digest }: Review): string {
  const lines = environments.flatMap(({ name, findings }) => [
    `${name}: ${terminalText(base)} → ${terminalText(head)}`,
    ...findings.map(line),
    "",
  ]);
  return [...findings.map(line), ...lines, outcome, ...(digest ? [`digest ${digest}`] : [])].join("\n");
}

function line({ decision, text }: JudgedFinding): string {
  return `  ${decision.padEnd(8)} ${terminalText(text)}`;
}
