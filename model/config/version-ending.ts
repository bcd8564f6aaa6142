import type { SupportEnds } from "../aws/support-ends";
import type { Problem } from "./problem";

/** Days before the end of its support from which on a version is warned of: time to try the next one elsewhere first. */
const NOTICE_DAYS = 90;

/** A version that stands in a file. */
export interface PlacedVersion {
  readonly path: readonly PropertyKey[];
  /** Such as `Kubernetes 1.34`. */
  readonly name: string;
  /** Undefined for a version that no table knows. Without an extended support, what follows the standard one lasts. */
  readonly ends: (Pick<SupportEnds, "standard"> & Partial<SupportEnds>) | undefined;
  /** What follows when standard support ends, such as `it costs extra`. */
  readonly consequence: string;
  /** What to do, such as `raise version`. */
  readonly advice: string;
}

/** What is to be said of a version, and on which days: that its support ends, that it has ended, that there is none. */
export function versionEnding({ path, name, ends, consequence, advice }: PlacedVersion): Problem[] {
  if (!ends) return [];
  const { standard, extended } = ends;
  const notice = new Date(Date.parse(standard) - NOTICE_DAYS * 24 * 60 * 60 * 1000)
    .toISOString()
    .slice(0, 10);
  const said = [
    {
      days: { from: notice, until: standard },
      message: `${name} leaves standard support on ${standard}, and from then on ${consequence}; before that, ${advice}`,
    },
    {
      days: { from: standard, ...(extended !== undefined && { until: extended }) },
      message: `${name} left standard support on ${standard}, so ${consequence}; ${advice}`,
    },
  ];
  if (extended !== undefined) {
    const message = `${name} has no support since ${extended}, and AWS upgrades it by itself; ${advice}`;
    said.push({ days: { from: extended }, message });
  }
  return said.map((each) => ({ path, warning: "version-ending", ...each }));
}
