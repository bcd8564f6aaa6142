import { ADMIN_USER, IAM_LOGIN_ROLE, SUPERUSER } from "../../model/postgresql/names";
import { quoteLiteral } from "../../model/postgresql/quoting";
import type { PostgresVersion } from "./server-binaries";

/**
 * Statements that make a new server like one of RDS, to be run one by one as its superuser: the admin is no superuser,
 * and the roles and the database that RDS keeps for itself are there.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Appendix.PostgreSQL.CommonDBATasks.Roles.rds_superuser.html
 */
export function likeRds(version: PostgresVersion, adminPassword: string): string[] {
  return [
    `CREATE ROLE rds_superuser; CREATE ROLE ${IAM_LOGIN_ROLE}; CREATE ROLE rds_password; CREATE ROLE rds_replication`,
    "GRANT pg_monitor, pg_signal_backend, pg_checkpoint, rds_password, rds_replication TO rds_superuser WITH ADMIN OPTION",
    // Up to 15 CREATEROLE alone may grant any role, and rds_superuser a member of rds_iam would lock the admin out.
    ...(version >= 16
      ? [`GRANT ${IAM_LOGIN_ROLE} TO rds_superuser WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`]
      : []),
    `CREATE ROLE ${ADMIN_USER} LOGIN CREATEDB CREATEROLE PASSWORD ${quoteLiteral(adminPassword)} VALID UNTIL 'infinity' IN ROLE rds_superuser`,
    `ALTER DATABASE postgres OWNER TO ${ADMIN_USER}`,
    `ALTER DATABASE template1 OWNER TO ${ADMIN_USER}`,
    `CREATE DATABASE ${SUPERUSER}`,
    `REVOKE ALL ON DATABASE ${SUPERUSER} FROM PUBLIC`,
  ];
}

/**
 * Who may connect from where: a pg_hba.conf. Over the Unix socket, which lies in a private folder, anyone may as anyone;
 * with `socketOnly` just the members of rds_iam, for whom a gateway in front has checked a token, and RDS itself. The
 * admin has a password everywhere. Over TCP passwords are for those who are not in rds_iam; `+rds_iam` counts every
 * membership, also one that is only for granting on, so the admin comes first.
 * @see https://www.postgresql.org/docs/current/auth-pg-hba-conf.html
 */
export function hostBasedAccess(socketOnly: boolean): string {
  const others = socketOnly
    ? [`local    all          +${IAM_LOGIN_ROLE} trust`, "local    all          all scram-sha-256"]
    : ["local    all          all trust"];
  return [
    `local    all          ${SUPERUSER} trust`,
    // A standby.
    `local    replication  ${SUPERUSER} trust`,
    `local    ${SUPERUSER} all reject`,
    `local    all          ${ADMIN_USER} scram-sha-256`,
    ...others,
    `host     ${SUPERUSER} all all reject`,
    `hostssl  all          ${ADMIN_USER} 127.0.0.1/32 scram-sha-256`,
    `hostssl  all          +${IAM_LOGIN_ROLE} 127.0.0.1/32 reject`,
    "hostssl  all          all 127.0.0.1/32 scram-sha-256",
    "",
  ].join("\n");
}
