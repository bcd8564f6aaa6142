import type { AccessConfig } from "../config/environment";
import { durationText, milliseconds } from "../postgresql/durations";

/** Limits and settings of an identity's sessions. Those that the database decides on are left out. */
export interface IdentityLimits {
  /** Connections that each of its database users may have at once. */
  readonly connectionLimit: number;
  /** Milliseconds after which PostgreSQL ends a statement. @default the database's */
  readonly statementTimeout?: number;
  /** Milliseconds after which it ends a session whose transaction waits for its next statement. @default the database's */
  readonly idleInTransactionSessionTimeout?: number;
  /** Schemas in which names without one are looked up, in this order. @default the database's */
  readonly searchPath?: readonly string[];
}

type Defaults = AccessConfig["defaults"];

/** The same as the environment file has it, of one identity or for all. */
export type DeclaredLimits = { readonly [Key in keyof Defaults]?: Defaults[Key] | undefined };

/** What counts for an identity: what it says for itself, and else what holds for all. */
export function limitsOf(own: DeclaredLimits, defaults: Defaults): IdentityLimits {
  // `none` is no number of them.
  const time = (key: "statementTimeout" | "idleInTransactionSessionTimeout") => {
    const found = milliseconds(own[key] ?? defaults[key] ?? "");
    return found !== undefined && { [key]: found };
  };
  const searchPath = own.searchPath ?? defaults.searchPath;
  return {
    connectionLimit: own.connectionLimit ?? defaults.connectionLimit,
    ...time("statementTimeout"),
    ...time("idleInTransactionSessionTimeout"),
    ...(searchPath && { searchPath }),
  };
}

/** A setting that logins may have, and those that a plan gives one: none when the database decides. */
export interface LoginSetting {
  readonly name: string;
  readonly values: readonly string[];
}

/** Every setting that a file can say, and what it says of one identity. */
export function loginSettings(limits: IdentityLimits): LoginSetting[] {
  // Without a unit, as the provider writes them and is able to read them.
  const time = (value?: number) => (value === undefined ? [] : [String(value)]);
  return [
    { name: "statement_timeout", values: time(limits.statementTimeout) },
    {
      name: "idle_in_transaction_session_timeout",
      values: time(limits.idleInTransactionSessionTimeout),
    },
    { name: SEARCH_PATH, values: limits.searchPath ?? [] },
  ];
}

/** The setting whose value is a list of names. */
export const SEARCH_PATH = "search_path";

/** What a plan says of an identity's sessions beyond how many there may be: what it is about, and the value in words. */
export function settingsInWords(limits: IdentityLimits): (readonly [string, string])[] {
  const { statementTimeout, idleInTransactionSessionTimeout, searchPath } = limits;
  return [
    ...(statementTimeout === undefined
      ? []
      : [["statements end after", durationText(statementTimeout)] as const]),
    ...(idleInTransactionSessionTimeout === undefined
      ? []
      : [["open transactions end after", durationText(idleInTransactionSessionTimeout)] as const]),
    ...(searchPath === undefined ? [] : [["names are looked up in", searchPath.join(", ")] as const]),
  ];
}
