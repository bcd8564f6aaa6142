import { LEVEL_NAMES, LEVELS } from "../postgresql/levels";
import { IAM_LOGIN_ROLE } from "../postgresql/names";
import { dollarQuoted, quoteTexts } from "../postgresql/quoting";
import { databaseUsers, type IdentityPlan } from "./identity";
import { type AccessPlan, type DatabasePlan, databaseGroups, groupRoles } from "./plan";

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
  const users = identities.flatMap(databaseUsers);
  const setNobody = plan.identities.filter(({ sessionRole }) => !sessionRole).flatMap(databaseUsers);
  const suffixes = LEVEL_NAMES.map((level) => LEVELS[level].suffix);
  return dollarQuoted(
    "DO",
    "DECLARE",
    "  found record;",
    "  -- From 16 on a REVOKE ends what one grantor granted, and what was passed on because of it.",
    "  grantors boolean := current_setting('server_version_num')::int >= 160000;",
    "BEGIN",
    "  -- What the admin granted first; what is then left only others can take back.",
    "  FOR attempt IN 1..2 LOOP",
    "    FOR found IN SELECT g.rolname AS role, u.rolname AS member, pg_get_userbyid(m.grantor) AS grantor,",
    `      u.rolname || ' ' || g.rolname = ANY (${quoteTexts(pairs)}) AS planned`,
    "      FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member",
    `      WHERE (g.rolname = ANY (${quoteTexts([...databaseGroups(database), ...users])}) OR u.rolname = ANY (${quoteTexts([...users, IAM_LOGIN_ROLE])}))`,
    "      -- The admin has the right to grant the roles it made (ADMIN), without their privileges.",
    "      AND u.rolname <> current_user AND NOT u.rolsuper",
    `      AND (m.admin_option OR u.rolname || ' ' || g.rolname <> ALL (${quoteTexts(pairs)}))`,
    "    LOOP",
    "      -- By mistake it may be: who leaves the group of a schema that is still there is cut off.",
    `      IF found.role <> ALL (${quoteTexts(groupRoles(plan))}) AND found.role ~ '_(${suffixes.join("|")})$'`,
    "        AND EXISTS (SELECT FROM pg_database WHERE starts_with(found.role, datname || '_')) THEN",
    "        RAISE EXCEPTION '% is in %, the group of a schema that is no longer in the environment file', found.member, found.role",
    "          USING HINT = 'Put the schema back, or say its new name under access.renamed. If it is to go, drop it and its group roles first.';",
    "      END IF;",
    "      IF attempt = 2 THEN",
    "        RAISE EXCEPTION '% is a member of % by a grant of %, which only that role or a superuser can take back',",
    "          found.member, found.role, found.grantor;",
    "      ELSIF NOT grantors OR found.grantor = current_user THEN",
    "        EXECUTE format('REVOKE %s %I FROM %I CASCADE', CASE WHEN found.planned THEN 'ADMIN OPTION FOR' END, found.role, found.member);",
    "      END IF;",
    "    END LOOP;",
    "  END LOOP;",
    "  FOR found IN SELECT rolname AS member FROM pg_roles",
    `    WHERE rolname = ANY (${quoteTexts(setNobody)}) AND EXISTS (SELECT FROM unnest(rolconfig) setting WHERE setting LIKE 'role=%')`,
    "  LOOP",
    "    EXECUTE format('ALTER ROLE %I RESET role', found.member);",
    "  END LOOP;",
    "END;",
  );
}
