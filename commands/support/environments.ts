import { quote } from "../../lib/nearest";
import { printMessages, UserError } from "../../lib/user-error";
import type { Environment } from "../../model/config/environment";
import { chooseEnvironments, loadEnvironments } from "../../model/config/load";
import { warningsToSay } from "../../model/config/warnings";

/** Environment that `npm run demo` and `npm start` take when none is named. */
const USUAL = "dev";

/** What each command that takes an environment says of where those are. */
export const WHERE_ENVIRONMENTS_ARE =
  "ENVIRONMENTS names another folder than environments/, or files separated by commas. WARNINGS=error makes warnings errors.";

/**
 * The environments of these names, or all when none is named: for what writes files. Says their warnings on stderr.
 * @param source a folder, or files separated by commas. @default what ENVIRONMENTS says
 * @throws UserError with what is wrong in any environment file, and for a name that is not there, as all of these do
 */
export function anyEnvironments(
  names: readonly string[] = [],
  source: string | undefined = process.env.ENVIRONMENTS,
): readonly Environment[] {
  const environments = chooseEnvironments(loadEnvironments(source), names);
  printMessages(warningsToSay(environments, process.env.WARNINGS, now(process.env.SOURCE_DATE_EPOCH)));
  return environments;
}

/**
 * The time that warnings are of, such as 2026-12-02T09:30:00Z.
 * @param epoch seconds since 1970, as builds that can be repeated are given them. @default now
 * @see https://reproducible-builds.org/docs/source-date-epoch/
 */
export function now(epoch: string | undefined): string {
  const toTheSecond = (time: Date) => time.toISOString().replace(/\.\d+Z$/, "Z");
  if (!epoch) return toTheSecond(new Date());
  if (!/^\d{1,11}$/.test(epoch)) {
    throw new UserError([`SOURCE_DATE_EPOCH must be seconds since 1970, or not set, got: ${quote(epoch)}`]);
  }
  return toTheSecond(new Date(Number(epoch) * 1000));
}

/** The one environment that is named: for what reaches a live system, where a guess could be the wrong one. */
export function oneEnvironment(names: readonly string[], usage: string): Environment {
  if (names.length !== 1) throw new UserError(["Name one environment."], usage);
  return first(anyEnvironments(names));
}

/** The one that is named, else dev if there is one, else the first: for what stays on this machine. */
export function oneOrUsualEnvironment(names: readonly string[], usage: string): Environment {
  if (names.length > 1) throw new UserError(["Name one environment, or none."], usage);
  const found = anyEnvironments(names);
  return found.find(({ name }) => names.length === 0 && name === USUAL) ?? first(found);
}

/** A source of environments always has one; loading says what to do when it has none. */
function first([environment]: readonly Environment[]): Environment {
  if (!environment) throw new UserError(["There is no environment."]);
  return environment;
}
