import { hostName } from "./allowed-hosts";
import type { DatabaseSettings } from "./connection";
import { RATE_LIMITS, type RateLimits } from "./rate-limit";

/** What the program is told by its environment. */
export interface Settings {
  readonly database: DatabaseSettings;
  /** ARN of the IAM role the AWS SDK takes; only shown. Undefined when credentials come from elsewhere. */
  readonly roleArn?: string;
  /** TCP port to serve on; 0 for any free one. */
  readonly port: number;
  /** Address to serve on; undefined for all of them. */
  readonly hostname?: string;
  /** Names that it answers to besides addresses and names of loopback. */
  readonly hosts: readonly string[];
  /** How often it answers. */
  readonly limits: RateLimits;
  /** Load balancers in front of it that append to X-Forwarded-For. */
  readonly proxies: number;
}

/** The settings, or everything that keeps them from being complete, a sentence each. */
export type SettingsResult = { readonly settings: Settings } | { readonly problems: readonly string[] };

/** Variables of the service's ConfigMap `<service>-database`, and what each is. */
const REQUIRED = {
  PGHOST: "the endpoint of the database",
  PGPORT: "its port",
  PGDATABASE: "the database",
  PGUSER: "the database user",
  PGSSLROOTCERT: "a file with the CA certificates of RDS",
  AWS_REGION: "the AWS region of the database",
} as const;

/**
 * Reads environment variables. PGSSLMODE is not among them: it is verify-full, always.
 * @param readFile reads a text file; throws when it cannot
 */
export function readSettings(
  env: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
): SettingsResult {
  const problems: string[] = [];
  const required = (name: keyof typeof REQUIRED): string => {
    const value = env[name] ?? "";
    if (value === "") problems.push(`${name} is not set; set it to ${REQUIRED[name]}.`);
    return value;
  };
  const whole = (name: string, what: string, value: string, least: number, most: number): number => {
    if (/^\d{1,7}$/.test(value) && Number(value) >= least && Number(value) <= most) return Number(value);
    if (value !== "") problems.push(`${name} must be ${what} from ${least} to ${most}, got: ${value}.`);
    return 0;
  };
  const number = (name: string, byDefault: number, least: number, most: number) =>
    whole(name, "a whole number", env[name] || String(byDefault), least, most);
  const names = (name: string): string[] => {
    const given = (env[name] ?? "")
      .split(",")
      .map((each) => each.trim())
      .filter(Boolean);
    return given.flatMap((each) => {
      const host = /[:[\]]/.test(each) ? undefined : hostName(each);
      if (host === undefined)
        problems.push(`${name} must be host names with commas between them, without ports, got: ${each}.`);
      return host ?? [];
    });
  };
  const certificates = (path: string): string => {
    if (path === "") return "";
    try {
      const text = readFile(path);
      if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
      problems.push(`PGSSLROOTCERT: ${path} holds no PEM certificates.`);
    } catch (error) {
      problems.push(
        `PGSSLROOTCERT: ${path} cannot be read: ${error instanceof Error ? error.message : error}.`,
      );
    }
    return "";
  };
  const settings: Settings = {
    database: {
      host: required("PGHOST"),
      port: whole("PGPORT", "a port", required("PGPORT"), 1, 65_535),
      database: required("PGDATABASE"),
      user: required("PGUSER"),
      ca: certificates(required("PGSSLROOTCERT")),
      region: required("AWS_REGION"),
    },
    roleArn: env.AWS_ROLE_ARN || undefined,
    port: whole("PORT", "a port", env.PORT || "8080", 0, 65_535),
    hostname: env.HOST || undefined,
    hosts: names("ALLOWED_HOSTS"),
    limits: {
      client: number("RATE_LIMIT_CLIENT", RATE_LIMITS.client, 1, 1_000_000),
      all: number("RATE_LIMIT", RATE_LIMITS.all, 1, 1_000_000),
    },
    proxies: number("TRUSTED_PROXIES", 0, 0, 9),
  };
  return problems.length > 0 ? { problems } : { settings };
}
