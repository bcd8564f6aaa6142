import type { DatabaseSettings } from "./connection";

/** What the program is told by its environment. */
export interface Settings {
  readonly database: DatabaseSettings;
  /** ARN of the IAM role the AWS SDK takes; only shown. Undefined when credentials come from elsewhere. */
  readonly roleArn?: string;
  /** TCP port to serve on; 0 for any free one. */
  readonly port: number;
  /** Address to serve on; undefined for all of them. */
  readonly hostname?: string;
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
  const port = (name: string, value: string, least: number): number => {
    if (/^\d{1,5}$/.test(value) && Number(value) >= least && Number(value) <= 65535) return Number(value);
    if (value !== "") problems.push(`${name} must be a port from ${least} to 65535, got: ${value}.`);
    return 0;
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
      port: port("PGPORT", required("PGPORT"), 1),
      database: required("PGDATABASE"),
      user: required("PGUSER"),
      ca: certificates(required("PGSSLROOTCERT")),
      region: required("AWS_REGION"),
    },
    roleArn: env.AWS_ROLE_ARN || undefined,
    port: port("PORT", env.PORT || "8080", 0),
    hostname: env.HOST || undefined,
  };
  return problems.length > 0 ? { problems } : { settings };
}
