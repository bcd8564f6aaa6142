/**
 * Until when AWS supports versions, each day as 2026-12-02: what `npm run synth` warns from. A version that is not here
 * is newer than the tables, and nothing is said of it.
 *
 * Read on 2026-11-25, from the two calendars as they were copied in public repositories between June and October 2026:
 * whoever adds a version reads them anew.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraPostgreSQLReleaseNotes/aurorapostgresql-release-calendar.html
 */
export interface SupportEnds {
  /** Day on which standard support ends: from then on AWS charges for the version or upgrades it, as was chosen. */
  readonly standard: string;
  /** Day on which extended support ends: from then on AWS upgrades it, whatever was chosen. */
  readonly extended: string;
}

/** Kubernetes on EKS, by minor version. */
export const KUBERNETES_ENDS: Readonly<Record<string, SupportEnds>> = {
  "1.28": { standard: "2024-11-26", extended: "2025-11-26" },
  "1.29": { standard: "2025-03-23", extended: "2026-03-23" },
  "1.30": { standard: "2025-07-23", extended: "2026-07-23" },
  "1.31": { standard: "2025-11-26", extended: "2026-11-26" },
  "1.32": { standard: "2026-03-23", extended: "2027-03-23" },
  "1.33": { standard: "2026-07-29", extended: "2027-07-29" },
  "1.34": { standard: "2026-12-02", extended: "2027-12-02" },
  "1.35": { standard: "2027-03-27", extended: "2028-03-27" },
  "1.36": { standard: "2027-08-02", extended: "2028-08-02" },
};

/** Aurora PostgreSQL, by major version. */
export const AURORA_MAJOR_ENDS: Readonly<Record<string, SupportEnds>> = {
  "15": { standard: "2028-02-29", extended: "2031-02-28" },
  "16": { standard: "2029-02-28", extended: "2032-02-28" },
  "17": { standard: "2030-02-28", extended: "2033-02-28" },
  "18": { standard: "2031-02-28", extended: "2034-02-28" },
};

/**
 * Aurora PostgreSQL, by minor version: the day after which AWS upgrades it to a newer one in a maintenance window. Where
 * the calendar has a month, its last day. Those with long-term support, 15.10, 16.8 and 17.7, end with their major
 * version, and so does here what the calendar said nothing of yet.
 */
export const AURORA_MINOR_ENDS: Readonly<Record<string, string>> = {
  "15.8": "2026-05-31",
  "15.12": "2026-11-30",
  "15.13": "2026-12-31",
  "15.14": "2027-06-30",
  "15.15": "2027-07-31",
  "16.4": "2026-05-31",
  "16.6": "2026-05-31",
  "16.9": "2026-12-31",
  "16.10": "2027-06-30",
  "16.11": "2027-07-31",
  "17.4": "2026-11-30",
  "17.5": "2026-12-31",
  "17.6": "2027-06-30",
  "17.9": "2027-09-30",
  "18.3": "2027-11-30",
  "18.4": "2027-12-31",
};
