import { LEVEL_NAMES, LEVELS } from "../postgresql/levels";
import { IAM_LOGIN_ROLE } from "../postgresql/names";
import { quoteTexts } from "../postgresql/quoting";
import { databaseUsers, type IdentityPlan } from "./identity";
import { type AccessPlan, type DatabasePlan, databaseGroups, groupRoles } from "./plan";

/** The function that {@link leaveGroups} calls. Pairs are a member and its group, with a space between them. */
export const LEAVE_GROUPS = `CREATE OR REPLACE FUNCTION pg_temp.leave_groups(pairs text[], groups text[], users text[], every_group text[], no_session_role text[]) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
  found record;
  -- From 16 on a REVOKE ends what one grantor granted, and what was passed on because of it.
  grantors boolean := current_setting('server_version_num')::int >= 160000;
BEGIN
  -- What the admin granted first; what is then left only others can take back.
  FOR attempt IN 1..2 LOOP
    FOR found IN SELECT g.rolname AS role, u.rolname AS member, pg_get_userbyid(m.grantor) AS grantor, u.rolname || ' ' || g.rolname = ANY (pairs) AS planned
      FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member
      WHERE (g.rolname = ANY (groups || users) OR u.rolname = ANY (users || '${IAM_LOGIN_ROLE}'::text))
      -- The admin has the right to grant the roles it made (ADMIN), without their privileges.
      AND u.rolname <> current_user AND NOT u.rolsuper
      AND (m.admin_option OR u.rolname || ' ' || g.rolname <> ALL (pairs))
    LOOP
      -- By mistake it may be: who leaves the group of a schema that is still there is cut off.
      IF found.role <> ALL (every_group) AND found.role ~ '_(${LEVEL_NAMES.map((level) => LEVELS[level].suffix).join("|")})$'
        AND EXISTS (SELECT FROM pg_database WHERE starts_with(found.role, datname || '_')) THEN
        RAISE EXCEPTION '% is in %, the group of a schema that is no longer in the environment file', found.member, found.role
          USING HINT = 'Put the schema back, or say its new name under access.renamed. If it is to go, drop it and its group roles first.';
      END IF;
      IF attempt = 2 THEN
        RAISE EXCEPTION '% is a member of % by a grant of %, which only that role or a superuser can take back',
          found.member, found.role, found.grantor;
      ELSIF NOT grantors OR found.grantor = current_user THEN
        EXECUTE format('REVOKE %s %I FROM %I CASCADE', CASE WHEN found.planned THEN 'ADMIN OPTION FOR' END, found.role, found.member);
      END IF;
    END LOOP;
  END LOOP;
  FOR found IN SELECT rolname AS member FROM pg_roles
    WHERE rolname = ANY (no_session_role) AND EXISTS (SELECT FROM unnest(rolconfig) setting WHERE setting LIKE 'role=%')
  LOOP
    EXECUTE format('ALTER ROLE %I RESET role', found.member);
  END LOOP;
END;
$function$;`;

/**
 * Ends every membership that the plan does not know, of the groups of a database and of its identities' logins, and session
 * roles of logins that are to have none.
 */
export function leaveGroups(
  plan: AccessPlan,
  database: DatabasePlan,
  identities: readonly IdentityPlan[],
): string {
  const pairs = [
    ...database.schemas.flatMap(({ owner, ownerReads = [] }) => ownerReads.map((role) => `${owner} ${role}`)),
    ...identities.flatMap((identity) =>
      databaseUsers(identity).flatMap((user) => identity.memberOf.map((role) => `${user} ${role}`)),
    ),
  ];
  const setNobody = plan.identities.filter(({ sessionRole }) => !sessionRole);
  return [
    "PERFORM pg_temp.leave_groups(",
    `  pairs => ${quoteTexts(pairs)},`,
    `  groups => ${quoteTexts(databaseGroups(database))},`,
    `  users => ${quoteTexts(identities.flatMap(databaseUsers))},`,
    `  every_group => ${quoteTexts(groupRoles(plan))},`,
    `  no_session_role => ${quoteTexts(setNobody.flatMap(databaseUsers))});`,
  ].join("\n");
}
