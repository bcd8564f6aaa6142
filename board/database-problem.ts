import { errorFields } from "./log";

/** Why the database cannot be used just now. */
export interface DatabaseProblem {
  /** One sentence for whoever looks at the page or at /readyz; no host names, no secrets. */
  readonly reason: string;
  /** Whether waiting is all it takes. */
  readonly temporary: boolean;
}

/** What is said of an error, by the start of its code or, where there is none, of its message. */
const PROBLEMS: readonly (readonly [RegExp, string, temporary: boolean])[] = [
  [/^28/, "The database refuses this service's login.", false],
  [/^(42P01|3F000)/, "The table of messages is not there: the migration has not run.", false],
  [/^42501/, "This service may not use the table of messages.", false],
  [/^25006/, "The database is read-only: a failover may be under way.", true],
  [/^(53|Timeout exceeded)/i, "The database has no connection to spare.", true],
  [/^57014|^Query read timeout/, "The database takes too long to answer.", true],
  [/^57P03/, "The database is starting.", true],
  [
    /CERT|UNABLE_TO_(GET|VERIFY)|does not support SSL/,
    "The database's TLS certificate is not to be trusted.",
    false,
  ],
  [
    /CredentialsProviderError|^Could not load credentials/,
    "There are no AWS credentials to sign the login with.",
    false,
  ],
];

/** Makes out of an error of the store's what a person can do something with. */
export function databaseProblem(error: unknown): DatabaseProblem {
  const { code, error: message } = errorFields(error);
  const known = PROBLEMS.find(([pattern]) => pattern.test(code ?? "") || pattern.test(message));
  return known
    ? { reason: known[1], temporary: known[2] }
    : { reason: "The database cannot be reached.", temporary: true };
}

/**
 * Whether a statement failed because its connection or its server went away, and not because of what it said. It may
 * have taken effect all the same.
 */
export function connectionWasLost(error: unknown): boolean {
  const { code = "", error: message } = errorFields(error);
  return (
    // Ended by an administrator, by a crash of another session; read-only after a failover; class 08.
    /^(57P01|57P02|25006|08...|ECONNRESET|EPIPE)$/.test(code) ||
    /^Connection terminated( unexpectedly)?$|^Client has encountered a connection error/.test(message)
  );
}
