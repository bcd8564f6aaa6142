/** A day, or an instant to the minute or second with its zone. */
const FORM = /^(\d{4}-\d\d-\d\d)(?:T(([01]\d|2[0-3]):[0-5]\d)(:[0-5]\d)?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?)?$/;

const EXAMPLES =
  "2026-12-31, which is through the end of that day in UTC, or 2026-12-31T18:00:00+01:00, with its zone";

const DAY_MS = 24 * 60 * 60 * 1000;

/** When access ends, or what is wrong with how that is said. */
export type ReadUntil = { readonly instant: string } | { readonly problem: string };

/**
 * When access ends, as IAM compares it with the time: in UTC, to the second, such as 2026-12-31T17:00:00Z. Of a day it is
 * the first instant after it.
 * @param text a day such as 2026-12-31, or an instant with its zone such as 2026-12-31T18:00:00+01:00
 */
export function readUntil(text: string): ReadUntil {
  const [, day, time, , seconds = ":00", zone] = FORM.exec(text) ?? [];
  if (day === undefined) return { problem: `must be ${EXAMPLES}` };
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // 31 February becomes a day of March.
  if (Number.isNaN(midnight) || inUtc(midnight).slice(0, day.length) !== day) {
    return { problem: `there is no day ${day}` };
  }
  if (time === undefined) return { instant: inUtc(midnight + DAY_MS) };
  if (zone === undefined) {
    return { problem: `must say the zone: ${text}Z if it is meant in UTC, else such as ${text}+01:00` };
  }
  return { instant: inUtc(Date.parse(`${day}T${time}${seconds}${zone}`)) };
}

/**
 * {@link readUntil} of what the schema has let through.
 * @throws Error when it says no instant
 */
export function endOf(until: string): string {
  const read = readUntil(until);
  if ("problem" in read) throw new Error(`${until}: ${read.problem}; the schema refuses that`);
  return read.instant;
}

/** Such as `through 2026-12-31 (UTC)` or `until 2026-12-31 17:00 UTC`; of another version's text that is none, the text. */
export function untilInWords(instant: string): string {
  const time = Date.parse(instant);
  if (Number.isNaN(time)) return `until ${instant}`;
  const [, day = "", minute = "", seconds = ""] =
    /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):(\d\d)Z$/.exec(inUtc(time)) ?? [];
  if (`${minute}:${seconds}` === "00:00:00") return `through ${inUtc(time - DAY_MS).slice(0, 10)} (UTC)`;
  return `until ${day} ${minute}${seconds === "00" ? "" : `:${seconds}`} UTC`;
}

function inUtc(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
}
