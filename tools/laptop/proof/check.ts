import { errorCode } from "../../../lib/user-error";

/** One thing that was tried as one identity. */
export interface Check {
  /** Key of the identity. */
  readonly identity: string;
  /** What it is about: {@link ROLE}, {@link LOGIN}, or a `database.schema`. */
  readonly subject: string;
  readonly what: string;
  readonly expected: "allowed" | "denied";
  /** `allowed`, `denied`, or the error when it is neither. */
  readonly outcome: string;
}

/** Tries something as one identity. */
export type Try = (
  subject: string,
  what: string,
  expected: Check["expected"],
  run: () => Promise<unknown>,
) => Promise<Check>;

/** A check whose outcome is not what it must be. */
export function failed({ expected, outcome }: Check): boolean {
  return expected !== outcome;
}

/** Checks of what IAM roles an identity can take. */
export const ROLE = "IAM role";

/** Checks of whom an identity can log in as. */
export const LOGIN = "login";

/**
 * How AWS says that something is not allowed; how PostgreSQL does, how it and RDS refuse a login, and one connection too many.
 */
const DENIALS = ["AccessDenied", "42501", "28000", "28P01", "53300"];

/** How a reader refuses to write, whoever asks: read_only_sql_transaction. On a writer that is a failure. */
export const READ_ONLY = "25006";

/**
 * Tries something and says what came of it.
 * @param denials SQLSTATEs that mean a denial as well. @default none
 */
export async function outcomeOf(
  run: () => Promise<unknown>,
  denials: readonly string[] = [],
): Promise<string> {
  try {
    await run();
    return "allowed";
  } catch (error) {
    return codes(error).some((code) => [...DENIALS, ...denials].includes(code)) ? "denied" : String(error);
  }
}

/** What may be the code of an error: the AWS SDK has it in the name or, of those that endpoints answer, in `Code`. */
function codes(error: unknown): string[] {
  if (typeof error !== "object" || error === null) return [];
  return [errorCode(error), ...["name", "Code"].map((key) => String(Reflect.get(error, key)))];
}
