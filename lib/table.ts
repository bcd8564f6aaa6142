import { terminalText } from "./terminal-text";

/** A table of text: column titles, then rows as wide as them. */
export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A table for a terminal: columns as wide as their widest cell, two spaces apart. */
export function textTable(table: Table): string {
  const header = table.header.map(terminalText);
  const rows = table.rows.map((row) => row.map(terminalText));
  const widths = header.map((title, column) =>
    // Not by one call for all rows: of a hundred thousand arguments the stack is full.
    rows.reduce((widest, row) => Math.max(widest, row[column]?.length ?? 0), title.length),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [line(header), line(widths.map((width) => "─".repeat(width))), ...rows.map(line)].join("\n");
}

/** A table for a Markdown page; what cells hold is Markdown. */
export function markdownTable({ header, rows }: Table): string {
  return [header, header.map(() => "---"), ...rows].map(markdownRow).join("\n");
}

/** A row of it. */
export function markdownRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replace(/[\r\n]+/g, " ")).join(" | ")} |`;
}
