/** What hashtext() makes the key of the advisory lock that keeps two runs of the SQL apart. */
export const SCRIPT_LOCK = "access-plan";

/**
 * Functions that the statements of a database call (model/access/sql.ts), for the length of the session. Each looks first and
 * changes only what differs: a grant that is repeated would rewrite the catalog row of every table, and trip over
 * whoever alters one of them meanwhile.
 */
export const SQL_FUNCTIONS = `CREATE OR REPLACE FUNCTION pg_temp.wait_for_turn() RETURNS void LANGUAGE plpgsql AS $function$
DECLARE holder record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('${SCRIPT_LOCK}'));
EXCEPTION WHEN lock_not_available THEN
  SELECT a.pid, a.usename INTO holder FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
    JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
    WHERE l.locktype = 'advisory' AND l.granted AND l.objid::bigint = hashtext('${SCRIPT_LOCK}')::bigint & 4294967295;
  RAISE EXCEPTION 'a session of % (pid %) holds the lock that keeps two runs of this apart. If it is no such run, end it: SELECT pg_terminate_backend(%);',
    holder.usename, holder.pid, holder.pid;
END;
$function$;
CREATE OR REPLACE FUNCTION pg_temp.ensure_role(name text, connection_limit int DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
  can_login boolean := connection_limit IS NOT NULL;
  most int := coalesce(connection_limit, -1);
  attributes text := format('%s CONNECTION LIMIT %s', CASE WHEN can_login THEN 'LOGIN' ELSE 'NOLOGIN' END, most);
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
    EXECUTE format('CREATE ROLE %I %s VALID UNTIL ''infinity''', name, attributes);
  ELSIF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name AND rolcanlogin = can_login
      AND rolconnlimit = most AND rolinherit AND NOT rolcreatedb AND NOT rolcreaterole) THEN
    EXECUTE format('ALTER ROLE %I %s INHERIT NOCREATEDB NOCREATEROLE', name, attributes);
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = name AND (rolsuper OR rolreplication OR rolbypassrls)) THEN
    RAISE EXCEPTION 'role % has SUPERUSER, REPLICATION or BYPASSRLS, which only a superuser can take from it', name;
  END IF;
END;
$function$;
CREATE OR REPLACE FUNCTION pg_temp.ensure_member(name text, VARIADIC groups text[]) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE missing text;
BEGIN
  FOR missing IN SELECT unnest(groups) EXCEPT SELECT pg_get_userbyid(roleid) FROM pg_auth_members
    WHERE member = (SELECT oid FROM pg_roles WHERE rolname = name)
  LOOP
    EXECUTE format('GRANT %I TO %I', missing, name);
  END LOOP;
END;
$function$;
CREATE OR REPLACE FUNCTION pg_temp.ensure_setting(name text, setting text, value text) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE stored text := setting || '=' || CASE value WHEN '' THEN '""' ELSE value END;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name AND stored = ANY (rolconfig)) THEN
    EXECUTE format('ALTER ROLE %I SET %I = %L', name, setting, value);
  END IF;
END;
$function$;
CREATE OR REPLACE FUNCTION pg_temp.routines_in(schema_name text) RETURNS TABLE (name text, owner oid, acl aclitem[], rights text) LANGUAGE sql AS $function$
  -- What an extension brings along stays as it is, and so does what a superuser made, on which the admin cannot grant.
  SELECT format('ROUTINE %I.%I(%s)', nspname, proname,
      CASE prokind WHEN 'a' THEN array_to_string(proargtypes::regtype[], ', ') ELSE pg_get_function_identity_arguments(p.oid) END),
    proowner, coalesce(proacl, acldefault('f', proowner)), CASE WHEN prosecdef THEN 'definer' ELSE 'function' END
  FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace JOIN pg_roles r ON r.oid = proowner
  WHERE nspname = schema_name AND (NOT r.rolsuper OR pg_has_role(proowner, 'MEMBER'))
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype IN ('e', 'i'));
$function$;
CREATE OR REPLACE FUNCTION pg_temp.ensure_grant(privileges text[], kind text, schema_name text, grantee_name text) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
  target record;
  granted text[];
  grantee_oid oid := CASE grantee_name WHEN 'public' THEN 0 ELSE (SELECT oid FROM pg_roles WHERE rolname = grantee_name) END;
  grantee_sql text := CASE grantee_name WHEN 'public' THEN 'PUBLIC' ELSE quote_ident(grantee_name) END;
BEGIN
  FOR target IN
    SELECT format('DATABASE %I', datname) AS name, datdba AS owner, coalesce(datacl, acldefault('d', datdba)) AS acl
      FROM pg_database WHERE kind = 'database' AND datname = current_database()
    UNION ALL SELECT format('SCHEMA %I', nspname), nspowner, coalesce(nspacl, acldefault('n', nspowner))
      FROM pg_namespace WHERE kind = 'schema' AND nspname = schema_name
    UNION ALL SELECT format('TABLE %I.%I', nspname, relname), relowner, coalesce(relacl, acldefault('r', relowner))
      FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
      WHERE kind = 'table' AND nspname = schema_name AND relkind IN ('r', 'p', 'v', 'm', 'f')
    UNION ALL SELECT format('SEQUENCE %I.%I', nspname, relname), relowner, coalesce(relacl, acldefault('s', relowner))
      FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
      WHERE kind = 'sequence' AND nspname = schema_name AND relkind = 'S'
    UNION ALL SELECT r.name, r.owner, r.acl FROM pg_temp.routines_in(schema_name) r WHERE kind = 'function'
  LOOP
    granted := ARRAY(SELECT DISTINCT privilege_type || CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
      FROM aclexplode(target.acl) WHERE grantee = grantee_oid ORDER BY 1);
    CONTINUE WHEN granted = privileges;
    BEGIN
      EXECUTE format('REVOKE ALL ON %s FROM %s CASCADE', target.name, grantee_sql);
      IF privileges <> '{}' THEN
        EXECUTE format('GRANT %s ON %s TO %s', array_to_string(privileges, ', '), target.name, grantee_sql);
      END IF;
    EXCEPTION WHEN insufficient_privilege THEN
      RAISE EXCEPTION '% belongs to %, and only its owner may grant on it: give it back to the owner group of its schema',
        target.name, pg_get_userbyid(target.owner);
    END;
  END LOOP;
END;
$function$;
CREATE OR REPLACE FUNCTION pg_temp.ensure_default(privileges text[], kind text, schema_name text, creator text, grantee_name text) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
  creator_oid oid := (SELECT oid FROM pg_roles WHERE rolname = creator);
  grantee_oid oid := CASE grantee_name WHEN 'public' THEN 0 ELSE (SELECT oid FROM pg_roles WHERE rolname = grantee_name) END;
  grantee_sql text := CASE grantee_name WHEN 'public' THEN 'PUBLIC' ELSE quote_ident(grantee_name) END;
  -- Those for every schema replace what PostgreSQL gives, and those for one are added to them.
  acl aclitem[] := coalesce((SELECT defaclacl FROM pg_default_acl WHERE defaclrole = creator_oid
      AND defaclnamespace = coalesce((SELECT oid FROM pg_namespace WHERE nspname = schema_name), 0)
      AND defaclobjtype = CASE kind WHEN 'table' THEN 'r' WHEN 'sequence' THEN 'S' ELSE 'f' END),
    CASE WHEN schema_name IS NULL THEN acldefault('f', creator_oid) END);
  granted text[] := ARRAY(SELECT privilege_type || CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
    FROM aclexplode(acl) WHERE grantee = grantee_oid ORDER BY 1);
  command text := format('ALTER DEFAULT PRIVILEGES FOR ROLE %I ', creator) || coalesce('IN SCHEMA ' || quote_ident(schema_name) || ' ', '');
BEGIN
  IF granted = privileges THEN
    RETURN;
  END IF;
  EXECUTE command || format('REVOKE ALL ON %sS FROM %s', kind, grantee_sql);
  IF privileges <> '{}' THEN
    EXECUTE command || format('GRANT %s ON %sS TO %s', array_to_string(privileges, ', '), kind, grantee_sql);
  END IF;
END;
$function$;`;
