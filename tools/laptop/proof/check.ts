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

/** A check whose outcome is not what it must be. */
export function failed({ expected, outcome }: Check): boolean {
  return expected !== outcome;
}

/** Checks of what IAM roles an identity can take. */
export const ROLE = "IAM role";

/** Checks of whom an identity can log in as. */
export const LOGIN = "login";

/** How PostgreSQL says that something is not allowed, and how it and RDS refuse a login. */
const SQL_DENIALS = ["42501", "28000", "28P01"];

/** Tries something and says what came of it. */
export async function outcomeOf(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
    return "allowed";
  } catch (error) {
    const name = typeof error === "object" && error !== null && "name" in error ? error.name : "";
    const denied = name === "AccessDenied" || SQL_DENIALS.includes(errorCode(error));
    return denied ? "denied" : String(error);
  }
}
