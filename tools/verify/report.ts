import { textTable } from "../../lib/table";
import { terminalText } from "../../lib/terminal-text";
import { type Finding, TOPICS, type Verification } from "./finding";

const KINDS = ["missing", "different", "extra"] as const;

/** Which server was read, and by whom. */
export interface ReadServer {
  /** `host:port`. */
  readonly address: string;
  readonly serverVersion: string;
  readonly user: string;
}

/**
 * What a verification came to, for a terminal: a table of numbers, then every finding with what to do about it.
 * @param file the environment file that it was compared with
 */
export function verificationReport(
  { holds, findings, notChecked }: Verification,
  file: string,
  { address, serverVersion, user }: ReadServer,
): string {
  const count = (kind: Finding["kind"], topic: Finding["topic"]) =>
    findings.filter((finding) => finding.kind === kind && finding.topic === topic).length;
  const header = ["", "holds", ...KINDS];
  const rows = TOPICS.map((topic) => [
    topic,
    ...[holds[topic], ...KINDS.map((kind) => count(kind, topic))].map((number, column) =>
      String(number).padStart(header[column + 1]?.length ?? 0),
    ),
  ]);
  const sections = KINDS.flatMap((kind) => {
    const some = findings.filter((finding) => finding.kind === kind);
    return some.length === 0 ? [] : ["", kind, ...some.flatMap(findingLines)];
  });
  const skipped = notChecked.map(({ subject, reason }) => terminalText(`  ${subject}: ${reason}`));
  return [
    terminalText(`${file} against ${address}, PostgreSQL ${serverVersion}, read as ${user}`),
    "",
    textTable({ header, rows }),
    ...sections,
    ...(skipped.length === 0 ? [] : ["", "not checked", ...skipped]),
    "",
    conclusion(findings.length),
  ].join("\n");
}

function findingLines({ subject, detail, fix, by, database }: Finding): string[] {
  const where = [
    ...(database === undefined ? [] : [`in the database ${database}`]),
    ...(by === undefined ? [] : ["by a superuser, or by who did it"]),
  ].join(", ");
  const remedy = fix === undefined ? [] : [`    fix${where === "" ? "" : ` (${where})`}: ${fix}`];
  return [`  ${subject} ${detail}`, ...remedy].map(terminalText);
}

function conclusion(findings: number): string {
  if (findings === 0) return "The database is as planned.";
  return findings === 1 ? "There is 1 difference." : `There are ${findings} differences.`;
}
