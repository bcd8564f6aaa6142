import { quote } from "../../lib/nearest";
import { UserError } from "../../lib/user-error";

/** Kinds of warnings by name, and what each is about. */
export const WARNINGS = {
  "acceptance-ended":
    "a finding of `npm run verify` that is accepted no longer; said from then on, in no file",
  "access-ended": "a group of people whose access has ended by its `until`; said from then on, in no file",
  "agent-not-installed":
    "pods that take roles by Pod Identity on an EKS cluster whose own file does not install its agent",
  "migrations-end": "migrations whose statements end after the time that holds for everybody",
  "name-in-quotes": "a database or schema whose name every query has to put in quotes",
  "namespace-of-aws": "a namespace that add-ons of AWS may make for themselves",
  "overlapping-networks":
    "a VPC that can never be connected with another one of its account and region, or with EKS clusters",
  "path-without-extensions": "a search_path without the schema in which extensions are",
  "principal-of-another-account": "an IAM role or user of another account that may log in or administer",
  "role-of-several": "an IAM role that is not made here, and by which several services log in",
  "schema-without-owner": "a schema that is written to, and that no identity owns",
  "unknown-extension": "an extension of PostgreSQL that this project does not know",
  "unknown-version": "a version that is newer than this project",
  "version-ending":
    "a version whose support by AWS ends within 90 days or has ended; said on those days, in no file",
} as const satisfies Readonly<Record<string, string>>;

/** One of {@link WARNINGS}. */
export type WarningKind = keyof typeof WARNINGS;

/** Days in UTC, each as 2026-12-02, or instants in it, as 2026-12-31T17:00:00Z: as texts they are in order. */
export interface Days {
  /** The first one. */
  readonly from: string;
  /** The first one that is no longer meant. @default none: for ever */
  readonly until?: string;
}

/** What may be meant, and is more often a mistake. It changes nothing that is synthesised. */
export interface Warning {
  readonly kind: WarningKind;
  /** `file:line:column`, the file as the user named it: for a terminal, never for a file that is written. */
  readonly place: string;
  /** What it is about, such as `access.databases.shop`. */
  readonly key: string;
  /** What is wrong and what to do, as a sentence. */
  readonly message: string;
  /** When it is said; undefined means always. */
  readonly days?: Days;
  /** Why the file accepts it; it is then in access.md alone. */
  readonly accepted?: string;
}

/** A warning as a terminal shows it. */
export function warningLine({ place, message, kind }: Pick<Warning, "place" | "message" | "kind">): string {
  return `${place}: warning: ${message} [${kind}]`;
}

/**
 * What the warnings of environments have to say at a time, a line each.
 * @param mode `error` makes errors of them; undefined or empty does not
 * @param now a day such as 2026-12-02, or an instant in it
 * @throws UserError with the same lines when they are to be errors, or when there is no such mode
 */
export function warningsToSay(
  environments: readonly { readonly warnings: readonly Warning[] }[],
  mode: string | undefined,
  now: string,
): string[] {
  const asErrors = mode === "error";
  if (mode && !asErrors) throw new UserError([`WARNINGS must be error, or not set, got: ${quote(mode)}`]);
  const lines = environments
    .flatMap(({ warnings }) => warnings)
    .filter(({ days, accepted }) => accepted === undefined && isSaid(days, now))
    .map(warningLine);
  if (asErrors && lines.length > 0) throw new UserError([...lines, "WARNINGS=error makes warnings errors."]);
  return lines;
}

function isSaid(days: Days | undefined, now: string): boolean {
  return !days || (days.from <= now && (days.until === undefined || now < days.until));
}
