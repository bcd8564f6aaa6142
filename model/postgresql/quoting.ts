/** An identifier in quotes; PostgreSQL takes any name so. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text in quotes, whatever `standard_conforming_strings` says of backslashes. */
export function quoteLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''").replaceAll("\\", "\\\\")}'`;
  return text.includes("\\") ? `E${quoted}` : quoted;
}

/** A text for a comment (`-- …`), which it cannot end. */
export function commentText(text: string): string {
  return text.replace(/[\r\n]+/g, " ");
}

/** A command with a body, in dollar quotes that do not occur in it: a name may hold any tag. */
export function dollarQuoted(command: string, ...lines: readonly string[]): string {
  const body = lines.join("\n");
  let tag = "$body$";
  for (let number = 1; body.includes(tag); number++) tag = `$body${number}$`;
  return `${command} ${tag}\n${body}\n${tag};`;
}

/** Texts as an array, which may be empty. */
export function quoteTexts(texts: readonly string[]): string {
  return `ARRAY[${texts.map(quoteLiteral).join(", ")}]::text[]`;
}
