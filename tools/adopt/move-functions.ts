/** How long the moving SQL waits for one lock. Whoever uses a table waits behind it, so it is shorter than the plan's. */
export const MOVE_LOCK_TIMEOUT = "10s";

/**
 * Functions of the moving SQL (move-sql.ts), for the length of the session. They look at the catalogs when they run, so that
 * what was made since the server was read is moved, too. PostgreSQL itself says what is in a schema (pg_depend) and what SQL
 * calls it (pg_identify_object): no kind of object is left out because nobody thought of it here.
 */
export const MOVE_FUNCTIONS = `CREATE OR REPLACE FUNCTION pg_temp.become(name text) RETURNS void LANGUAGE plpgsql AS $function$
BEGIN
  -- Nobody else ever sees the admin in a role: it leaves before this transaction ends. Were it seen in one with rds_iam,
  -- RDS would ask it for a token.
  IF name = current_user OR pg_has_role(name, 'USAGE') THEN
    RETURN;
  END IF;
  EXECUTE format('GRANT %I TO CURRENT_USER %s', name,
    CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'WITH INHERIT TRUE, SET TRUE' END);
  PERFORM set_config('access.became', array_append(current_setting('access.became')::text[], name)::text, true);
EXCEPTION WHEN insufficient_privilege THEN
  RAISE EXCEPTION '% may not act for %, which owns something here: %', current_user, name, SQLERRM
    USING HINT = format('Whoever made that role, or a superuser, may grant it: GRANT %I TO %I WITH ADMIN OPTION', name, current_user);
END;
$function$;
CREATE OR REPLACE FUNCTION pg_temp.leave_all() RETURNS void LANGUAGE plpgsql AS $function$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY current_setting('access.became')::text[] LOOP
    EXECUTE format('REVOKE %I FROM CURRENT_USER', name);
  END LOOP;
END;
$function$;
CREATE OR REPLACE FUNCTION pg_temp.objects_in(schema_name text) RETURNS TABLE (kind text, name text, owner text, superuser boolean, oid oid) LANGUAGE sql AS $function$
  -- All that has an owner of its own. What an extension brings along is left out, and what goes with another object: the
  -- sequence of a serial column, the type of a table's rows. What a superuser owns who made the server is in no pg_shdepend.
  SELECT CASE WHEN i.type = 'statistics object' THEN 'STATISTICS' WHEN i.type IN ('function', 'procedure', 'aggregate') THEN 'ROUTINE'
      ELSE upper(i.type) END, i.identity, r.rolname::text, coalesce(r.rolsuper, true), d.objid
  FROM pg_depend d JOIN pg_namespace n ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = n.oid
    LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
    LEFT JOIN pg_shdepend s ON s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND s.classid = d.classid AND s.objid = d.objid AND s.objsubid = 0 AND s.deptype = 'o'
    LEFT JOIN pg_roles r ON r.oid = s.refobjid,
    LATERAL pg_identify_object(d.classid, d.objid, 0) i
  WHERE n.nspname = schema_name AND d.deptype = 'n' AND d.objsubid = 0
    AND d.classid IN ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_type'::regclass, 'pg_collation'::regclass, 'pg_conversion'::regclass,
      'pg_operator'::regclass, 'pg_opclass'::regclass, 'pg_opfamily'::regclass, 'pg_statistic_ext'::regclass, 'pg_ts_config'::regclass, 'pg_ts_dict'::regclass)
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = d.classid AND e.objid = d.objid AND e.objsubid = 0
      AND (e.deptype IN ('e', 'i') OR c.relkind = 'S' AND e.deptype = 'a' AND e.refclassid = 'pg_class'::regclass))
  ORDER BY d.classid, d.objid;
$function$;
CREATE OR REPLACE FUNCTION pg_temp.alter_objects(schema_name text, change text, spared_owner text DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
  found record;
  holders text;
  out_of_reach text := (SELECT string_agg(o.kind || ' ' || o.name, ', ' ORDER BY o.kind, o.name) FROM pg_temp.objects_in(schema_name) o WHERE o.superuser);
BEGIN
  -- In public RDS may have put something of its own.
  IF out_of_reach IS NOT NULL AND schema_name <> 'public' THEN
    RAISE EXCEPTION 'only a superuser may change what a superuser owns: %', out_of_reach
      USING HINT = 'Drop it, have a superuser give it away, or leave its schema out of the environment file';
  END IF;
  FOR found IN SELECT * FROM pg_temp.objects_in(schema_name) o WHERE NOT o.superuser AND o.owner IS DISTINCT FROM spared_owner LOOP
    PERFORM pg_temp.become(found.owner);
    EXECUTE format('ALTER %s %s %s', found.kind, found.name, change);
  END LOOP;
EXCEPTION WHEN lock_not_available THEN
  SELECT string_agg(DISTINCT format('%s (pid %s)', a.usename, a.pid), ', ') INTO holders
    FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.relation = found.oid AND l.granted AND l.pid <> pg_backend_pid();
  RAISE EXCEPTION '% % is held by %, and this waited ${MOVE_LOCK_TIMEOUT} for it', lower(found.kind), found.name, coalesce(holders, 'somebody')
    USING HINT = 'Everything is as it was. Run this again when nobody uses it for long, or end that session.';
END;
$function$;
CREATE OR REPLACE FUNCTION pg_temp.remember(logins text[], schemas text[]) RETURNS void LANGUAGE plpgsql AS $function$
BEGIN
  -- What each login may do now, in whatever way: as an owner, through groups, as everybody.
  CREATE TEMPORARY TABLE kept ON COMMIT DROP AS
    WITH login AS (SELECT r.oid, r.rolname AS name FROM pg_roles r WHERE r.rolname = ANY (logins)),
    own AS (SELECT n.oid, n.nspname FROM pg_namespace n WHERE n.nspname = ANY (schemas)),
    relation AS (
      SELECT c.oid, c.relkind, c.relowner, c.relnamespace FROM pg_class c JOIN own ON own.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'))
    SELECT l.name::text AS login, 'DATABASE' AS kind, d.oid AS at, p AS privilege
      FROM login l, pg_database d, unnest(ARRAY['CONNECT', 'TEMPORARY']) p
      WHERE d.datname = current_database() AND has_database_privilege(l.oid, d.oid, p)
    UNION ALL SELECT l.name, 'SCHEMA', own.oid, 'USAGE' FROM login l, own WHERE has_schema_privilege(l.oid, own.oid, 'USAGE')
    UNION ALL SELECT l.name, 'TABLE', r.oid, p
      FROM login l, relation r, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p
      WHERE r.relkind <> 'S' AND has_table_privilege(l.oid, r.oid, p)
    UNION ALL SELECT l.name, 'SEQUENCE', r.oid, p FROM login l, relation r, unnest(ARRAY['USAGE', 'SELECT', 'UPDATE']) p
      WHERE r.relkind = 'S' AND has_sequence_privilege(l.oid, r.oid, p)
    UNION ALL SELECT l.name, 'ROUTINE', f.oid, 'EXECUTE' FROM login l, pg_proc f JOIN own ON own.oid = f.pronamespace
      WHERE has_function_privilege(l.oid, f.oid, 'EXECUTE')
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = f.oid AND d.deptype IN ('e', 'i'))
    -- What is made later: all of it for those who own something of the kind, and what others' default privileges gave.
    UNION SELECT l.name, CASE WHEN r.relkind = 'S' THEN 'NEW SEQUENCES' ELSE 'NEW TABLES' END, r.relnamespace, p
      FROM login l, relation r, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'USAGE']) p
      WHERE pg_has_role(l.oid, r.relowner, 'USAGE') AND (r.relkind <> 'S' AND p <> 'USAGE' OR r.relkind = 'S' AND p IN ('USAGE', 'SELECT', 'UPDATE'))
    UNION SELECT l.name, CASE a.defaclobjtype WHEN 'r' THEN 'NEW TABLES' WHEN 'S' THEN 'NEW SEQUENCES' ELSE 'NEW ROUTINES' END, own.oid, e.privilege_type
      FROM login l, own, pg_default_acl a, aclexplode(a.defaclacl) e
      WHERE a.defaclobjtype IN ('r', 'S', 'f') AND a.defaclnamespace IN (0, own.oid) AND e.grantee <> 0 AND e.grantee <> a.defaclrole
        AND pg_has_role(l.oid, e.grantee, 'USAGE') AND e.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'USAGE', 'EXECUTE');
END;
$function$;
CREATE OR REPLACE FUNCTION pg_temp.keep(from_schema text, to_schema text) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE found record;
BEGIN
  -- What moved is in another schema, which has to be used and filled in the same way.
  INSERT INTO pg_temp.kept SELECT k.login, k.kind, n.oid, k.privilege FROM pg_temp.kept k
    JOIN pg_namespace old ON old.oid = k.at AND old.nspname = from_schema, pg_namespace n
    WHERE n.nspname = to_schema AND (k.kind = 'SCHEMA' OR k.kind LIKE 'NEW %');
  FOR found IN
    WITH target (kind, at, name, owner, acl, grant_on) AS (
      SELECT 'DATABASE', d.oid, quote_ident(d.datname), d.datdba, d.datacl, 'ON DATABASE ' FROM pg_database d WHERE d.datname = current_database()
      UNION ALL SELECT 'SCHEMA', n.oid, quote_ident(n.nspname), n.nspowner, n.nspacl, 'ON SCHEMA ' FROM pg_namespace n
      UNION ALL SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.oid, c.oid::regclass::text, c.relowner, c.relacl,
        CASE c.relkind WHEN 'S' THEN 'ON SEQUENCE ' ELSE 'ON TABLE ' END FROM pg_class c
      UNION ALL SELECT 'ROUTINE', p.oid, p.oid::regprocedure::text, p.proowner, p.proacl, 'ON ROUTINE ' FROM pg_proc p
      UNION ALL SELECT 'NEW ' || what.kind, n.oid, what.kind, n.nspowner, a.defaclacl, format('IN SCHEMA %I', n.nspname)
        FROM pg_namespace n, (VALUES ('r'::"char", 'TABLES'), ('S', 'SEQUENCES'), ('f', 'ROUTINES')) what (type, kind)
          LEFT JOIN LATERAL (SELECT d.defaclacl FROM pg_default_acl d WHERE d.defaclrole = n.nspowner AND d.defaclnamespace = n.oid AND d.defaclobjtype = what.type) a ON true
        -- There the admin creates, and for nobody else.
        WHERE n.nspname <> 'public')
    SELECT k.login, t.kind, t.name, t.owner, t.grant_on, string_agg(DISTINCT k.privilege, ', ') AS privileges
    FROM pg_temp.kept k JOIN target t USING (kind, at) JOIN pg_roles r ON r.rolname = k.login
    WHERE NOT EXISTS (SELECT FROM aclexplode(t.acl) e WHERE e.grantee = r.oid AND e.privilege_type = k.privilege)
    GROUP BY 1, 2, 3, 4, 5
  LOOP
    PERFORM pg_temp.become(r.rolname) FROM pg_roles r WHERE r.oid = found.owner AND NOT r.rolsuper;
    EXECUTE CASE WHEN found.kind LIKE 'NEW %'
      THEN format('ALTER DEFAULT PRIVILEGES FOR ROLE %I %s GRANT %s ON %s TO %I', pg_get_userbyid(found.owner), found.grant_on, found.privileges, found.name, found.login)
      ELSE format('GRANT %s %s%s TO %I', found.privileges, found.grant_on, found.name, found.login) END;
  END LOOP;
END;
$function$;
CREATE OR REPLACE FUNCTION pg_temp.forget_defaults(creators text[]) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE found record;
BEGIN
  FOR found IN
    SELECT DISTINCT r.rolname AS creator, format('ALTER DEFAULT PRIVILEGES FOR ROLE %I %s REVOKE ALL ON %s FROM %s', r.rolname, 'IN SCHEMA ' || quote_ident(n.nspname),
      CASE a.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'ROUTINES' WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END,
      CASE e.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(e.grantee)) END) AS command
    FROM pg_default_acl a JOIN pg_roles r ON r.oid = a.defaclrole LEFT JOIN pg_namespace n ON n.oid = a.defaclnamespace, aclexplode(a.defaclacl) e
    WHERE r.rolname = ANY (creators) AND e.grantee <> a.defaclrole
      -- What PostgreSQL gives everybody on functions and types is no entry of anybody's.
      AND NOT (e.grantee = 0 AND a.defaclnamespace = 0 AND a.defaclobjtype IN ('f', 'T') AND NOT e.is_grantable)
  LOOP
    PERFORM pg_temp.become(found.creator);
    EXECUTE found.command;
  END LOOP;
END;
$function$;
CREATE OR REPLACE FUNCTION pg_temp.find_moved(logins text[], from_schema text, to_schema text) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE found record;
BEGIN
  -- The most particular setting counts: of the login in this database, of the login, of the database.
  FOR found IN
    SELECT r.rolname AS name, coalesce((SELECT substr(setting, 13) FROM pg_db_role_setting s JOIN pg_database d ON d.datname = current_database(), unnest(s.setconfig) setting
      WHERE setting LIKE 'search_path=%' AND s.setrole IN (r.oid, 0) AND s.setdatabase IN (d.oid, 0)
      ORDER BY s.setrole DESC, s.setdatabase DESC LIMIT 1), '"$user", public') AS path
    FROM pg_roles r WHERE r.rolname = ANY (logins) AND r.rolcanlogin
  LOOP
    CONTINUE WHEN NOT EXISTS (SELECT FROM unnest(string_to_array(found.path, ',')) each WHERE btrim(each, ' "') = from_schema)
      OR EXISTS (SELECT FROM unnest(string_to_array(found.path, ',')) each WHERE btrim(each, ' "') = to_schema);
    EXECUTE format('ALTER ROLE %I IN DATABASE %I SET search_path = %s', found.name, current_database(),
      (SELECT string_agg(CASE btrim(each, ' "') WHEN from_schema THEN quote_ident(to_schema) || ', ' || quote_ident(from_schema) ELSE each END, ',' ORDER BY at)
        FROM unnest(string_to_array(found.path, ',')) WITH ORDINALITY part (each, at)));
  END LOOP;
END;
$function$;
CREATE OR REPLACE FUNCTION pg_temp.create_no_more(roles text[], schemas text[], privilege text) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE found record;
BEGIN
  FOR found IN
    SELECT DISTINCT 'DATABASE ' || quote_ident(d.datname) AS name, pg_get_userbyid(e.grantee) AS role, 'CREATE' AS privilege
      FROM pg_database d, aclexplode(d.datacl) e WHERE d.datname = current_database() AND e.privilege_type = 'CREATE' AND e.grantee <> d.datdba
    UNION SELECT 'SCHEMA ' || quote_ident(n.nspname), pg_get_userbyid(e.grantee), privilege
      FROM pg_namespace n, aclexplode(n.nspacl) e WHERE n.nspname = ANY (schemas) AND e.privilege_type IN ('CREATE', privilege) AND e.grantee <> n.nspowner
  LOOP
    CONTINUE WHEN found.role <> ALL (roles);
    EXECUTE format('REVOKE %s ON %s FROM %I CASCADE', found.privilege, found.name, found.role);
  END LOOP;
END;
$function$;
CREATE OR REPLACE FUNCTION pg_temp.clear_login(name text, planned text[]) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE found record;
BEGIN
  -- It takes tokens from now on, and is set up as the file says.
  EXECUTE format('ALTER ROLE %I PASSWORD NULL', name);
  FOR found IN SELECT format('ALTER ROLE %I %s RESET ALL', name, 'IN DATABASE ' || quote_ident(d.datname)) AS command
    FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase
    WHERE r.rolname = name AND (s.setdatabase <> 0 OR EXISTS (SELECT FROM unnest(s.setconfig) setting WHERE setting <> ALL (planned)))
  LOOP
    EXECUTE found.command;
  END LOOP;
END;
$function$;`;
