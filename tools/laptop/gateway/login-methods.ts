import { Pool } from "pg";
import { ADMIN_USER, IAM_LOGIN_ROLE, SUPERUSER } from "../../../model/postgresql/names";
import { quoteLiteral } from "../../../model/postgresql/quoting";

/** How a user logs in on RDS: members of rds_iam by token, everyone else by password. */
export type AllowedMethod = "token" | "password";

/** The same; `none` for users that do not exist, and for those that RDS keeps for itself. */
export type LoginMethod = AllowedMethod | "none";

/** The users of a server. */
export interface LoginMethods {
  /**
   * How this user logs in at this moment.
   * @throws when the server cannot be asked
   */
  of(user: string): Promise<LoginMethod>;
  stop(): Promise<void>;
}

/** Where a server's Unix socket is: as `pg` wants it. */
export interface ServerSocket {
  readonly socketFolder: string;
  readonly port: number;
}

/**
 * Memberships are followed by hand: pg_has_role is true for superusers, who are no members of anything. Any membership
 * counts, as for `+rds_iam` in pg_hba.conf, except for the admin: since PostgreSQL 16 it has those it only grants on,
 * of every role that it created. Up to 15 inheriting is a matter of the member. `::text`, since a comparison with a
 * name would cut off a longer one, and mean another user.
 */
const QUERY = `
WITH RECURSIVE held (oid) AS (
  SELECT oid FROM pg_roles WHERE rolname = $1::text AND NOT rolsuper
  UNION
  SELECT membership.roleid FROM held
  JOIN pg_auth_members AS membership ON membership.member = held.oid
  JOIN pg_roles AS member ON member.oid = held.oid
  WHERE $1::text <> ${quoteLiteral(ADMIN_USER)}
  OR coalesce((to_jsonb(membership) ->> 'inherit_option')::boolean, member.rolinherit)
)
SELECT CASE
  WHEN NOT EXISTS (SELECT FROM held) THEN 'none'
  WHEN EXISTS (SELECT FROM held JOIN pg_roles USING (oid) WHERE rolname = ${quoteLiteral(IAM_LOGIN_ROLE)}) THEN 'token'
  ELSE 'password'
END AS method`;

/**
 * Asks the server each time, over one connection that is made again when the server has restarted.
 * @param timeoutMs how long it may take to connect or to answer
 */
export function loginMethods({ socketFolder, port }: ServerSocket, timeoutMs: number): LoginMethods {
  const pool = new Pool({
    host: socketFolder,
    port,
    user: SUPERUSER,
    database: "postgres",
    application_name: "gateway",
    max: 1,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    allowExitOnIdle: true,
  });
  // Without a listener, a connection that the server ends would end this process.
  pool.on("error", () => undefined);
  return {
    of: async (user) => {
      const { rows } = await pool.query({ name: "login-method", text: QUERY, values: [user] });
      return rows[0].method;
    },
    stop: () => pool.end(),
  };
}
