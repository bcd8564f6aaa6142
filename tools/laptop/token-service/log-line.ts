import { terminalText } from "../../../lib/terminal-text";

const MAX_LOGGED = 500;

/** One line, of what may come from an attacker. */
export function logLine(text: string): string {
  const line = terminalText(text.replace(/\s+/g, " "));
  return line.length > MAX_LOGGED ? `${line.slice(0, MAX_LOGGED)}…` : line;
}
