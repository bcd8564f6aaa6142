import { quote } from "../../../lib/nearest";

const MINUTES_OF_A_DAY = 24 * 60;
const MINUTES_OF_A_WEEK = 7 * MINUTES_OF_A_DAY;

/** How far apart two runs of a schedule are, in minutes. */
export interface Gaps {
  readonly shortest: number;
  readonly longest: number;
}

/** The gaps of a schedule, minute hour * * weekday; or what is wrong with one of its fields, as a sentence. */
export function gapsOf(schedule: string): Gaps | string {
  const [minute = "", hour = "", , , weekday = ""] = schedule.split(" ");
  const minutes = numbers(minute, "minute", 59);
  const hours = numbers(hour, "hour", 23);
  // Seven is Sunday to some, and to Kubernetes an error.
  const weekdays = numbers(weekday, "weekday", 6);
  if (typeof minutes === "string") return minutes;
  if (typeof hours === "string") return hours;
  if (typeof weekdays === "string") return weekdays;
  const runs = weekdays.flatMap((day) =>
    hours.flatMap((each) => minutes.map((at) => day * MINUTES_OF_A_DAY + each * 60 + at)),
  );
  const gaps = runs.map((run, index) => (runs[index + 1] ?? (runs[0] ?? 0) + MINUTES_OF_A_WEEK) - run);
  return { shortest: Math.min(...gaps), longest: Math.max(...gaps) };
}

/** What a field of a schedule names, sorted; or what is wrong with it. */
function numbers(field: string, what: string, max: number): readonly number[] | string {
  const named = new Set<number>();
  for (const part of field.split(",")) {
    const written = /^(?:\*|(?<from>\d{1,2})(?:-(?<to>\d{1,2}))?)(?<every>\/(?<step>\d{1,2}))?$/.exec(part);
    const { from, to, every, step } = written?.groups ?? { step: "0" };
    // As in cron, a number with a step goes on to the end.
    const last = Number(to ?? (from === undefined || every ? max : from));
    const by = Number(step ?? 1);
    if (by === 0 || last > max || Number(from ?? 0) > last) {
      return `${quote(part)} is no ${what}: write a number from 0 to ${max}, a range such as 1-3, * for all, or */2 for every second one`;
    }
    for (let each = Number(from ?? 0); each <= last; each += by) named.add(each);
  }
  return [...named].sort((left, right) => left - right);
}
