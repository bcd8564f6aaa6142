import { durationText, milliseconds } from "../../model/postgresql/durations";
import { PUBLIC_SCHEMA } from "../../model/postgresql/names";
import type { ServiceSettings } from "./draft";
import type { Login } from "./logins";
import type { Beyond } from "./proposal";
import type { Target } from "./targets";

/** Settings that the file has a key for, where they hold for one login. */
const TIMEOUTS: Readonly<Record<string, "statementTimeout" | "idleInTransactionSessionTimeout">> = {
  statement_timeout: "statementTimeout",
  idle_in_transaction_session_timeout: "idleInTransactionSessionTimeout",
};

/** A setting's name and value. */
export function nameAndValue(setting: string): { readonly name: string; readonly value: string } {
  const at = setting.indexOf("=");
  return { name: setting.slice(0, at), value: setting.slice(at + 1) };
}

/**
 * A time as the file has it; a number without a unit is of milliseconds to PostgreSQL. Undefined for what is no such time, and
 * for 0, which is no limit at all: the file can only leave it to the database.
 */
export function duration(value: string): string | undefined {
  const text = value.replaceAll(" ", "");
  const time = milliseconds(/^\d+$/.test(text) ? `${text}ms` : text);
  return time ? durationText(time) : undefined;
}

/** The names of a search_path as it is stored: in quotes where they need them. */
export function pathNames(value: string): string[] {
  return [...value.matchAll(/"((?:[^"]|"")*)"|([^",\s]+)/g)].map(([, quoted, plain = ""]) =>
    quoted === undefined ? plain.toLowerCase() : quoted.replaceAll('""', '"'),
  );
}

/** What PostgreSQL looks names up in when nobody has said otherwise. */
const DEFAULT_PATH = '"$user", public';

/**
 * The schemas in which a login's unqualified names are found today, by what they will be called. The login beside it has
 * another name, so that `"$user"` would lead elsewhere.
 * @param targets what the identity has grants on
 */
export function searchPath({ role, name }: Login, targets: readonly Target[]): string[] {
  const databases = new Set(targets.map(({ database }) => database));
  const found = [...databases].flatMap((database) => {
    const own = (of: string | null) =>
      role.settings.find((each) => each.database === of && each.setting.startsWith("search_path="))?.setting;
    const everybody = database.settings.find((setting) => setting.startsWith("search_path="));
    const stored = own(database.name) ?? own(null) ?? everybody;
    const names = pathNames(stored === undefined ? DEFAULT_PATH : nameAndValue(stored).value);
    return names.flatMap((each) => {
      const schema = each === "$user" ? name : each;
      const here = targets.filter((target) => target.database === database && target.schema === schema);
      // What extensions put into public stays there, to be found by everybody who uses the database.
      const extensions =
        schema === PUBLIC_SCHEMA && database.extensions.some((extension) => extension.schema === schema);
      return [...here.map(({ to }) => to), ...(extensions ? [PUBLIC_SCHEMA] : [])];
    });
  });
  const path = [...new Set(found)];
  return path.some((schema) => schema !== PUBLIC_SCHEMA) ? path : [];
}

/**
 * The keys that keep a login's settings, and those of its settings that the file has no key for.
 * @param sessions how many it has open
 * @param defaultLimit connections that an identity may have when nothing else is said
 */
export function keptSettings(
  login: Login,
  targets: readonly Target[],
  sessions: number,
  defaultLimit: number,
): { readonly settings: ServiceSettings; readonly beyond: readonly Beyond[] } {
  const { role, name } = login;
  const path = searchPath(login, targets);
  const databases = new Set(targets.map(({ database }) => database.name));
  // What is said of one database goes before what is said of all.
  const inOrder = [...role.settings].sort(
    (left, right) => Number(left.database !== null) - Number(right.database !== null),
  );
  const holds = (database: string | null) =>
    database === null || (databases.size === 1 && databases.has(database));
  const timeouts: { statementTimeout?: string; idleInTransactionSessionTimeout?: string } = {};
  const beyond: Beyond[] = [];
  for (const { database, setting } of inOrder) {
    const { name: key, value } = nameAndValue(setting);
    if (key === "search_path" || key === "role") continue;
    const known = Object.hasOwn(TIMEOUTS, key) ? TIMEOUTS[key] : undefined;
    const time = known && holds(database) ? duration(value) : undefined;
    if (known && time !== undefined) timeouts[known] = time;
    else {
      beyond.push({
        where: `login ${name}`,
        what: `It has the setting ${setting}${database === null ? "" : ` in the database ${database}`}, for which a service has no key.`,
        proposal: "Let the application set it when it connects (PGOPTIONS), if it is still needed.",
      });
    }
  }
  // Twice what is open now, so that a rollout has room for old and new pods.
  const needed = Math.ceil((sessions * 2) / 10) * 10;
  const limit = role.connectionLimit > 0 ? role.connectionLimit : needed > defaultLimit ? needed : undefined;
  return {
    settings: {
      ...(limit !== undefined && { connectionLimit: limit }),
      ...timeouts,
      ...(path.length > 0 && { searchPath: path }),
    },
    beyond,
  };
}
