/** Milliseconds in each unit that people write, from large to small, named as PostgreSQL names them. */
const UNITS = { d: 86_400_000, h: 3_600_000, min: 60_000, s: 1_000, ms: 1 } as const;

/** A unit of {@link UNITS}. */
type Unit = keyof typeof UNITS;

const DURATION = /^(\d+)(ms|s|min|h|d)$/;

/** Longest time that PostgreSQL can be set to: it keeps milliseconds in 32 bits with a sign. */
export const MAX_MILLISECONDS = 2_147_483_647;

/** How long databases that this project makes let a transaction wait for its next statement, in milliseconds. */
export const IDLE_IN_TRANSACTION_TIMEOUT = 300_000;

/** How many milliseconds a duration such as `30s` has; undefined when it is none. */
export function milliseconds(duration: string): number | undefined {
  const [, count, unit] = DURATION.exec(duration) ?? [];
  return isUnit(unit) ? Number(count) * UNITS[unit] : undefined;
}

/** How many seconds a duration has. @throws Error when it is none, which the schema refuses */
export function seconds(duration: string): number {
  const time = milliseconds(duration);
  if (time === undefined) throw new Error(`${duration} is no duration`);
  return time / 1000;
}

/** The same time as people write it, in the largest unit that it is a whole number of. */
export function durationText(time: number): string {
  const [unit = "ms", size = 1] = Object.entries(UNITS).find(([, each]) => time % each === 0) ?? [];
  return `${time / size}${unit}`;
}

function isUnit(text: string | undefined): text is Unit {
  return text !== undefined && Object.hasOwn(UNITS, text);
}
