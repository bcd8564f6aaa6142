/**
 * Functions of the SQL (model/access/sql.ts) that say what it changes, by comparing the catalogs before and after within its
 * transaction: whatever a statement does on the side is seen as well. Things are told apart by oid, so that one with a new
 * name is the same thing.
 */
export const CHANGE_FUNCTIONS = `CREATE OR REPLACE FUNCTION pg_temp.access_state() RETURNS TABLE (thing text, named text, subject text, object text, facts text[]) LANGUAGE sql AS $function$
  -- Everything that this SQL may change. What extensions bring along is theirs, and what an owner has on its own goes without saying.
  WITH place AS (SELECT oid AS schema, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),
    held AS (
      SELECT CASE relkind WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind, oid, relname::text AS name, relowner AS owner, relacl AS acl, schema, nspname
        FROM pg_class JOIN place ON schema = relnamespace WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND relpersistence <> 't'
      UNION ALL SELECT 'function', oid, format('%s(%s)', proname, pg_get_function_identity_arguments(oid)), proowner, coalesce(proacl, acldefault('f', proowner)), schema, nspname
        FROM pg_proc JOIN place ON schema = pronamespace WHERE NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e')),
    granted (thing, place, object, owner, acl) AS (
      SELECT 'database', 'database ' || datname, NULL, datdba, coalesce(datacl, acldefault('d', datdba)) FROM pg_database WHERE datname = current_database()
      UNION ALL SELECT 'schema ' || oid, 'schema ' || nspname, NULL, nspowner, coalesce(nspacl, acldefault('n', nspowner))
        FROM pg_namespace WHERE nspname !~ '^pg_(temp|toast)'
      UNION ALL SELECT kind || ' ' || oid, kind || 's of ' || nspname, name, owner, acl FROM held
      UNION ALL SELECT concat_ws(' ', 'column', attrelid, attnum), concat('columns of ', nspname, '.', name), attname, owner, attacl
        FROM held JOIN pg_attribute ON attrelid = oid WHERE kind = 'table' AND attacl IS NOT NULL AND NOT attisdropped
      UNION ALL SELECT concat_ws(' ', 'default', defaclrole, defaclnamespace, defaclobjtype),
          concat_ws(' ', CASE defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' ELSE 'schemas' END,
            'to come by', pg_get_userbyid(defaclrole), 'in ' || nspname), NULL, defaclrole, defaclacl
        FROM pg_default_acl LEFT JOIN pg_namespace n ON n.oid = defaclnamespace)
  SELECT 'role ' || oid, rolname::text, 'role ' || rolname, NULL::text, array_remove(ARRAY[
      CASE WHEN rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END, CASE WHEN rolconnlimit >= 0 THEN 'CONNECTION LIMIT ' || rolconnlimit END,
      CASE WHEN NOT rolinherit THEN 'NOINHERIT' END, CASE WHEN rolcreatedb THEN 'CREATEDB' END, CASE WHEN rolcreaterole THEN 'CREATEROLE' END,
      CASE WHEN rolvaliduntil < 'infinity' THEN 'VALID UNTIL ' || rolvaliduntil END], NULL)
    FROM pg_roles
  UNION ALL SELECT 'setting ' || oid, NULL, 'sessions of ' || rolname, NULL, rolconfig FROM pg_roles WHERE rolconfig IS NOT NULL
  UNION ALL SELECT concat_ws(' ', 'member', roleid, member), NULL, format('%s in %s', pg_get_userbyid(member), pg_get_userbyid(roleid)), NULL,
      array_agg('by ' || pg_get_userbyid(grantor) || CASE WHEN admin_option THEN ' WITH ADMIN OPTION' ELSE '' END ORDER BY grantor)
    FROM pg_auth_members GROUP BY roleid, member
  UNION ALL SELECT 'database', NULL, 'database ' || datname, NULL, ARRAY['owner ' || datdba] FROM pg_database WHERE datname = current_database()
  UNION ALL SELECT 'schema ' || oid, nspname::text, 'schema ' || nspname, NULL, ARRAY['owner ' || nspowner] FROM pg_namespace WHERE nspname !~ '^pg_(temp|toast)'
  UNION ALL SELECT 'extension ' || oid, NULL, 'extension ' || extname, NULL, ARRAY['schema ' || extnamespace] FROM pg_extension
  UNION ALL SELECT kind || ' ' || oid, NULL, kind, name, ARRAY['owner ' || owner, 'schema ' || schema] FROM held
  UNION ALL SELECT concat_ws(' ', 'on', thing, grantee), NULL, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END || ' on ' || place, object,
      array_agg(privilege_type || CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END || CASE WHEN grantor <> owner THEN ' by ' || pg_get_userbyid(grantor) ELSE '' END ORDER BY privilege_type, grantor)
    FROM granted, aclexplode(acl) WHERE grantee <> owner GROUP BY thing, place, object, grantee
  -- PUBLIC may execute what is to come unless default privileges say that it may not.
  UNION ALL SELECT 'closed ' || defaclrole, NULL, 'functions to come by ' || pg_get_userbyid(defaclrole), NULL, ARRAY['not for PUBLIC']
    FROM pg_default_acl WHERE defaclnamespace = 0 AND defaclobjtype = 'f' AND NOT EXISTS (SELECT FROM aclexplode(defaclacl) WHERE grantee = 0);
$function$;
CREATE OR REPLACE FUNCTION pg_temp.access_changes() RETURNS SETOF text LANGUAGE plpgsql AS $function$
BEGIN
  RETURN QUERY WITH before AS (SELECT * FROM pg_temp.access_before), after AS (SELECT * FROM pg_temp.access_state()),
    change AS (
      SELECT thing, coalesce(b.subject, a.subject) AS subject, coalesce(b.object, a.object) AS object, b.thing IS NULL AS added, a.thing IS NULL AS gone,
        CASE WHEN b.named <> a.named THEN a.named END AS renamed,
        ARRAY(SELECT unnest(b.facts) EXCEPT SELECT unnest(a.facts) ORDER BY 1) AS lost, ARRAY(SELECT unnest(a.facts) EXCEPT SELECT unnest(b.facts) ORDER BY 1) AS got
      FROM before b FULL JOIN after a USING (thing)
      WHERE b.facts IS DISTINCT FROM a.facts OR b.named IS DISTINCT FROM a.named),
    line AS (
      SELECT thing, subject, object, '~' AS sign, ARRAY['becomes ' || renamed] AS facts FROM change WHERE renamed IS NOT NULL
      UNION ALL SELECT thing, subject, object, '-', lost FROM change WHERE lost <> '{}' OR gone
      UNION ALL SELECT thing, subject, object, '+', got FROM change WHERE (got <> '{}' OR added)
        -- From 16 on the admin may grant the roles that it makes: that goes with making them.
        AND NOT (thing LIKE 'member %' AND split_part(thing, ' ', 3) = (SELECT oid::text FROM pg_roles WHERE rolname = current_user)
          AND EXISTS (SELECT FROM change made WHERE made.added AND made.thing = 'role ' || split_part(change.thing, ' ', 2)))),
    told AS (
      SELECT split_part(thing, ' ', 1) AS kind, subject, sign, object,
        (SELECT string_agg(CASE split_part(fact, ' ', 1) WHEN 'owner' THEN 'owner ' || pg_get_userbyid(split_part(fact, ' ', 2)::oid)
          WHEN 'schema' THEN 'in ' || split_part(fact, ' ', 2)::oid::regnamespace ELSE fact END, ', ' ORDER BY place) FROM unnest(facts) WITH ORDINALITY fact (fact, place)) AS facts
      FROM line)
  -- What is alike of many objects is one line. A name may hold anything, also what moves a terminal's cursor or turns a line around.
  SELECT regexp_replace(concat_ws(' ', sign, subject || coalesce(': ' || facts, '')
      || CASE WHEN count(object) > 0 THEN ' (' || array_to_string((array_agg(object ORDER BY object COLLATE "C"))[1:5], ', ')
        || CASE WHEN count(object) > 5 THEN ', and ' || count(object) - 5 || ' more' ELSE '' END || ')' ELSE '' END), '[\\u0001-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069]', '?', 'g')
  FROM told GROUP BY kind, subject, sign, facts
  ORDER BY array_position(ARRAY['role', 'setting', 'member', 'database', 'schema', 'extension'], kind) NULLS LAST, kind, subject COLLATE "C", sign = '+', facts;
END;
$function$;`;
