import type { QueryArrayResult } from "pg";
import { textTable } from "../../lib/table";
import { terminalText } from "../../lib/terminal-text";

/** A result as psql shows it: a table and the number of its rows, or what was done. */
export function shownResult({
  command,
  fields,
  rowCount,
  rows,
}: QueryArrayResult<(string | null)[]>): string {
  if (fields.length > 0) {
    const table = textTable({
      header: fields.map(({ name }) => name),
      rows: rows.map((row) => row.map((value) => value ?? "")),
    });
    return `${table}\n(${rows.length} ${rows.length === 1 ? "row" : "rows"})\n`;
  }
  // An empty statement.
  if (!command) return "";
  if (rowCount === null) return command;
  return command === "INSERT" ? `INSERT 0 ${rowCount}` : `${command} ${rowCount}`;
}

/** What a server says of a mistake, or by the way. */
export interface ServerMessage {
  readonly severity?: string | undefined;
  readonly message?: string | undefined;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  readonly where?: string | undefined;
  /** Where in the statement, from 1. */
  readonly position?: string | undefined;
}

/** A server's error or notice as psql shows it, with the line of the statement that it is about. */
export function shownMessage(said: ServerMessage, statement = ""): string {
  const { severity = "ERROR", message = "", detail, hint, where, position } = said;
  return [
    `${severity}:  ${terminalText(message)}`,
    ...(position === undefined ? [] : lineOf(statement, Number(position))),
    ...(detail === undefined ? [] : [`DETAIL:  ${terminalText(detail)}`]),
    ...(hint === undefined ? [] : [`HINT:  ${terminalText(hint)}`]),
    ...(where === undefined ? [] : [`CONTEXT:  ${terminalText(where)}`]),
  ].join("\n");
}

/** Most characters of a line that are shown on either side of the place. */
const AROUND = 60;

function lineOf(statement: string, position: number): readonly string[] {
  // Positions count characters, of which some are two units of a text.
  const before = [...statement].slice(0, position - 1).join("");
  const number = before.split("\n").length;
  const start = before.slice(before.lastIndexOf("\n") + 1);
  const [rest = ""] = statement.slice(before.length).split("\n");
  const title = `LINE ${number}: `;
  const left = terminalText(start.slice(-AROUND));
  return [
    `${title}${left}${terminalText(rest.slice(0, AROUND))}`,
    `${" ".repeat(title.length + left.length)}^`,
  ];
}
