/**
 * Minor versions of Aurora PostgreSQL that AWS has ever offered, by major version. PostgreSQL has others, which Aurora left
 * out, such as 16.5 and 17.8.
 *
 * Read on 2026-11-26 from cfn-lint 1.58 (its list of engine versions, of 2026-10-20), which copies it from the API of RDS.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraPostgreSQLReleaseNotes/AuroraPostgreSQL.Updates.html
 */
const MINORS: Readonly<Record<string, readonly number[]>> = {
  "15": [2, 3, 4, 5, 6, 7, 8, 10, 12, 13, 14, 15, 17, 18, 19],
  "16": [1, 2, 3, 4, 6, 8, 9, 10, 11, 13, 14, 15],
  "17": [4, 5, 6, 7, 9, 10, 11],
  "18": [3, 4, 6],
};

/**
 * First minor version that pauses at 0 capacity units; later major versions all do.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html
 */
const FIRST_THAT_PAUSES: Readonly<Record<string, number>> = { "15": 7, "16": 3 };

/** What is known of a version such as 17.9. */
export interface AuroraVersion {
  /** `newer` than any that is known here: it may exist by now. */
  readonly known: "offered" | "never offered" | "newer";
  /** The first one offered that is not older; undefined when there is none. */
  readonly next?: string;
  /** The newest of its major version. */
  readonly newest: string;
  /** The first one of its major version that pauses at 0 capacity units, when this one does not. */
  readonly pausesFrom?: string;
}

/** Looks up a version such as 17.9; undefined for a major version that is not known here. */
export function auroraVersion(version: string): AuroraVersion | undefined {
  const [major = "", minorText] = version.split(".");
  const minors = Object.hasOwn(MINORS, major) ? MINORS[major] : undefined;
  const newest = minors?.at(-1);
  if (!minors || newest === undefined) return undefined;
  const minor = Number(minorText);
  const next = minors.find((each) => each >= minor);
  const pauses = FIRST_THAT_PAUSES[major] ?? 0;
  return {
    known: next === undefined ? "newer" : next === minor ? "offered" : "never offered",
    ...(next !== undefined && { next: `${major}.${next}` }),
    newest: `${major}.${newest}`,
    ...(minor < pauses && { pausesFrom: `${major}.${pauses}` }),
  };
}
