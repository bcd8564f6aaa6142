/** How long the admin waits for a lock: longer than any deployment beside it holds one. */
export const LOCK_TIMEOUT = "60s";

/**
 * Settings that every session of the admin's is to have. With an empty search_path a name is looked up in pg_catalog
 * alone, so that nothing a user put into a schema, such as an operator that fits better than PostgreSQL's own, runs as the
 * admin. With a lock_timeout a deployment fails, in place of waiting for ever, when somebody holds a lock that it needs.
 */
const ADMIN_SETTINGS = [
  { name: "search_path", value: "" },
  { name: "lock_timeout", value: LOCK_TIMEOUT },
] as const;

/** One of the admin's settings. */
export interface AdminSetting {
  readonly name: string;
  /** As ALTER ROLE … SET takes it, in quotes. */
  readonly value: string;
  /** As the catalogs then have it, `name=value`. */
  readonly stored: string;
}

/** The admin's settings, each also as the catalogs have it: an empty list of names becomes an empty name. */
export const adminSettings: readonly AdminSetting[] = ADMIN_SETTINGS.map(({ name, value }) => ({
  name,
  value,
  stored: `${name}=${value === "" ? '""' : value}`,
}));

/** The same for one session, as PGOPTIONS has them; they win over what is set for the role. */
export const ADMIN_OPTIONS = ADMIN_SETTINGS.map(({ name, value }) => `-c ${name}=${value}`).join(" ");
