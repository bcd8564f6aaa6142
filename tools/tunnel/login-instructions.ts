import type { LoginPorts, PortLogin } from "./login-port";

/** An identity for whom a tunnel has a port that logs in. */
export interface TunnelLogin extends PortLogin {
  /** As the user named it. */
  readonly name: string;
}

/** Environment variables of a command that logs in by such a port; nothing else in its environment is to be about a connection. */
export function loginVariables(
  { databaseUser, database }: PortLogin,
  { port, secret }: LoginPorts,
): Readonly<Record<string, string>> {
  return {
    PGHOST: "127.0.0.1",
    PGPORT: String(port),
    PGUSER: databaseUser,
    PGDATABASE: database,
    PGPASSWORD: secret,
    PGSSLMODE: "disable",
    // Whoever else listened there would ask for the password itself. libpq knows this from 16 on.
    PGREQUIREAUTH: "scram-sha-256",
  };
}

/** How tools log in by such a port, for people; it is the one place where the secret is shown. */
export function loginInstructions(login: TunnelLogin, ports: LoginPorts): string {
  const { name, databaseUser: user, database, endpoint, reader } = login;
  const psql = (port: number) =>
    `  psql "host=127.0.0.1 port=${port} user=${user} dbname=${database} sslmode=disable"`;
  const lines = [
    `For DataGrip, DBeaver, pgAdmin, psql and other tools, as ${name}; each login gets a token of its own:`,
    `  host 127.0.0.1, port ${ports.port}, database ${database}, user ${user}, no SSL`,
    `  password, until this ends: ${ports.secret}`,
    psql(ports.port),
    `From here on it is TLS, verified for ${endpoint.host}.`,
  ];
  if (reader && ports.readersPort !== undefined) {
    lines.push(`The readers, ${reader.host}, are on port ${ports.readersPort}, with the same password.`);
  }
  return `${lines.join("\n")}\ndocs/database-tools.md has the settings of each tool.\n`;
}
