import { untilInWords } from "../../../model/config/access/until";
import type { Finding } from "../finding";
import type { Acceptance, JudgedFinding, VerifiedDatabase } from "../result";

/** `1 difference`, `2 differences`. */
export function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}

/** What it comes to, as a sentence. */
export function conclusion({ findings, accepted }: VerifiedDatabase): string {
  const known =
    accepted.length === 0
      ? ""
      : `${counted(accepted.length, "difference")} that ${are(accepted.length)} accepted`;
  if (findings.length === 0) return `The database is as planned${known && `, but for ${known}`}.`;
  return `There ${are(findings.length)} ${counted(findings.length, "difference")}${known && `, and ${known}`}.`;
}

function are(count: number): string {
  return count === 1 ? "is" : "are";
}

/** Which database, read by whom, compared with what. */
export function compared({ file, server: { address, serverVersion, user } }: VerifiedDatabase): string {
  return `${file} against ${address}, PostgreSQL ${serverVersion}, read as ${user}`;
}

/** Until when a finding is accepted, by whom and why. */
export function acceptedInWords({ until, owner, reason }: Acceptance): string {
  return `accepted ${untilInWords(until)}, by ${owner}: ${reason}`;
}

/** Why a finding counts although the file accepts it; undefined when it does not accept it. */
export function whyItCounts({ acceptance, unnamed }: JudgedFinding): string | undefined {
  if (!acceptance) return undefined;
  return unnamed
    ? "it cannot be accepted, since it says how many there are and not which"
    : `it counts again: it was ${acceptedInWords(acceptance)}`;
}

/** What mends a finding, and where and by whom; undefined when a person has to decide. */
export function remedy({ fix, by, database }: Finding): string | undefined {
  if (fix === undefined) return undefined;
  const where = [
    ...(database === undefined ? [] : [`in the database ${database}`]),
    ...(by === undefined ? [] : ["by a superuser, or by who did it"]),
  ].join(", ");
  return `fix${where === "" ? "" : ` (${where})`}: ${fix}`;
}
