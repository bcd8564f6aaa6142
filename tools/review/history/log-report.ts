import { shown } from "../../../lib/nearest";
import { terminalJson, terminalText } from "../../../lib/terminal-text";
import type { LogEntry } from "./access-log";

/** A history, in every form, by its name on the command line. */
export const LOG_REPORTS = {
  text: {
    file: "log.txt",
    render: (_: string, entries: readonly LogEntry[]) => entries.map(line).join("\n"),
  },
  json: {
    file: "log.json",
    render: (target: string, entries: readonly LogEntry[]) => terminalJson({ version: 1, target, entries }),
  },
} as const;

function line({ date, commit, author, changes }: LogEntry): string {
  const told = changes.map(({ environments, text }) =>
    environments.length === 0 ? text : `${environments.join(", ")}: ${text}`,
  );
  // An author's name is whatever somebody told git.
  return `${date}  ${commit}  ${shown(author)}  ${terminalText(told.join("; "))}`;
}
