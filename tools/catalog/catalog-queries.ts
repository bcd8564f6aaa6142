/**
 * The queries that read a live server, each a constant: how many are asked does not depend on how many services there
 * are. Columns are named as the fields of LiveCatalog, so a row needs no translation. Names are found in pg_catalog
 * alone (START sets the search_path), whatever a database's owner has put elsewhere.
 * @see https://www.postgresql.org/docs/current/catalogs.html
 */

/** Who asks, of what: {@link ServerRow}. */
export const SERVER = `
SELECT pg_catalog.current_setting('server_version_num')::int AS version,
  pg_catalog.split_part(pg_catalog.current_setting('server_version'), ' ', 1) AS "serverVersion",
  pg_catalog.current_setting('rds.force_ssl', true) AS "forceSsl",
  pg_catalog.current_setting('rds.allowed_extensions', true) AS "allowedExtensions",
  current_user::text AS "user",
  pg_catalog.has_table_privilege('pg_catalog.pg_authid', 'SELECT') AS "readsPasswords"`;

/** Row of {@link SERVER}. */
export interface ServerRow {
  /** Such as 170005. */
  readonly version: number;
  /** Such as 17.5. */
  readonly serverVersion: string;
  readonly forceSsl: string | null;
  readonly allowedExtensions: string | null;
  readonly user: string;
  readonly readsPasswords: boolean;
}

/** Reads only, and everything as of one moment. */
export const START = `
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL search_path = pg_catalog;
SET LOCAL statement_timeout = '60s';
SET LOCAL jit = off`;

/** {@link LiveRole}. Whether there is a password only pg_authid knows, which is for superusers. */
export const roles = (readsPasswords: boolean) => `
SELECT r.rolname::text AS name,
  -- Made by initdb (its superuser is 10, whatever it is called), or by RDS.
  r.oid < 16384 OR r.rolname ~ '^(pg_|rds)' AS system,
  array_remove(ARRAY[
    CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END,
    CASE WHEN r.rolcreatedb THEN 'CREATEDB' END,
    CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END,
    CASE WHEN r.rolinherit THEN 'INHERIT' END,
    CASE WHEN r.rolcanlogin THEN 'LOGIN' END,
    CASE WHEN r.rolreplication THEN 'REPLICATION' END,
    CASE WHEN r.rolsuper THEN 'SUPERUSER' END], NULL) AS attributes,
  r.rolconnlimit AS "connectionLimit",
  ${readsPasswords ? "r.rolpassword IS NOT NULL" : "NULL::bool"} AS "hasPassword",
  (SELECT coalesce(json_agg(json_build_object('database', d.datname, 'setting', setting,
    'superuser', EXISTS (SELECT FROM pg_settings p WHERE p.name = split_part(setting.setting, '=', 1) AND p.context ~ '^superuser')) ORDER BY d.datname, setting), '[]')
    FROM pg_db_role_setting s LEFT JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) setting
    WHERE s.setrole = r.oid) AS settings
FROM ${readsPasswords ? "pg_authid" : "pg_roles"} r ORDER BY r.rolname`;

/** {@link LiveMembership}. Up to 15 it is the member that inherits or not, and a grant's grantor means nothing. */
export const memberships = (version: number) => `
SELECT g.rolname::text AS role, u.rolname::text AS member, m.admin_option AS admin,
  ${
    version < 160000
      ? `NULL AS grantor, u.rolinherit AS inherit, true AS "set"`
      : `pg_get_userbyid(m.grantor)::text AS grantor, m.inherit_option AS inherit, m.set_option AS "set"`
  }
FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member
ORDER BY 1, 2, grantor`;

/** {@link LiveSessions}. A session keeps the oid of its login when that is dropped. */
export const SESSIONS = `
SELECT r.rolname::text AS role, a.usesysid AS oid, array_agg(a.pid ORDER BY a.pid) AS pids
FROM pg_stat_activity a LEFT JOIN pg_roles r ON r.oid = a.usesysid
WHERE a.usesysid IS NOT NULL AND coalesce(a.backend_type, 'client backend') = 'client backend'
GROUP BY 1, 2 ORDER BY 1, 2`;

/** {@link LiveGrant}s of an access control list, as sorted json. */
const grants = (acl: string, owner: string, condition = "") => `
  (SELECT coalesce(jsonb_agg(DISTINCT jsonb_build_object(
    'grantee', CASE e.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(e.grantee) END,
    'privilege', e.privilege_type, 'grantable', e.is_grantable)), '[]')
  FROM aclexplode(${acl}) e WHERE e.grantee <> ${owner} ${condition}) AS grants`;

/** Leaves out what an extension's script granted; what initdb granted, such as PUBLIC's use of `public`, stays. */
const news = (catalog: string, oid: string, part: string) => `
  AND NOT EXISTS (SELECT FROM pg_init_privs i, aclexplode(i.initprivs) was
    WHERE i.privtype = 'e' AND i.classoid = ${catalog} AND i.objoid = ${oid} AND i.objsubid = ${part} AND was.grantee = e.grantee
      AND was.privilege_type = e.privilege_type AND was.is_grantable >= e.is_grantable)`;

/** {@link DatabaseRow} of the databases $1. */
export const DATABASES = `
SELECT d.datname::text AS name, pg_get_userbyid(d.datdba)::text AS owner,
  d.datallowconn AND has_database_privilege(d.oid, 'CONNECT') AS connectable,
  ${grants("coalesce(d.datacl, acldefault('d', d.datdba))", "d.datdba")}
FROM pg_database d WHERE d.datname = ANY ($1) ORDER BY 1`;

/** Roles and their entries of pg_shdepend, which knows every object of every kind in every database that is theirs. */
const DEPENDENCY = `
FROM pg_shdepend s JOIN pg_roles r ON s.refclassid = 'pg_authid'::regclass AND r.oid = s.refobjid
  LEFT JOIN pg_shdepend o ON s.deptype = 'a' AND o.deptype = 'o'
    AND o.dbid = s.dbid AND o.classid = s.classid AND o.objid = s.objid AND o.objsubid = 0`;

/** What PUBLIC has on objects of a catalog beyond what PostgreSQL and extensions give, as {@link LiveBelonging}. */
const publicOn = (acls: string, database: string) => `
SELECT 'public', false, ${database}, o.type, NULL, o.identity, 1, nullif(pg_get_userbyid(owner), pg_get_userbyid(10))::text
FROM (${acls}) object (class, oid, acl, owner), LATERAL pg_identify_object(class, oid, 0) o
WHERE EXISTS (SELECT FROM aclexplode(acl) WHERE grantee = 0)
  AND NOT EXISTS (SELECT FROM pg_init_privs i WHERE i.classoid = class AND i.objoid = oid)`;

/**
 * {@link LiveBelonging} of the roles $1 outside of the databases $2: one row for each other database, and one for each
 * object of the whole cluster but those databases themselves. Being the grantor of a membership is no belonging.
 */
export const BELONGINGS_ELSEWHERE = `
SELECT r.rolname::text AS role, s.deptype = 'o' AS owns, d.datname::text AS database, i.type, NULL AS schema, i.identity,
  count(*)::int AS count, pg_get_userbyid(min(o.refobjid))::text AS owner
${DEPENDENCY}
  LEFT JOIN pg_database d ON d.oid = s.dbid
  LEFT JOIN pg_database planned ON s.classid = 'pg_database'::regclass AND planned.oid = s.objid AND planned.datname = ANY ($2)
  LEFT JOIN LATERAL pg_identify_object(s.classid, s.objid, s.objsubid) i ON s.dbid = 0
WHERE r.rolname = ANY ($1) AND s.deptype IN ('a', 'o') AND planned.oid IS NULL
  AND s.classid <> 'pg_auth_members'::regclass AND (s.dbid = 0 OR d.datname <> ALL ($2))
GROUP BY 1, 2, 3, 4, 6
UNION ALL ${publicOn(
  `SELECT 'pg_tablespace'::regclass, oid, spcacl, spcowner FROM pg_tablespace
  UNION ALL SELECT 'pg_parameter_acl'::regclass, oid, paracl, 10 FROM pg_parameter_acl`,
  "NULL",
)}
ORDER BY 1, 2, 3, 4, 6`;

const SYSTEM_SCHEMA = "(n.nspname ~ '^pg_' OR n.nspname = 'information_schema')";

/**
 * {@link LiveBelonging} of the roles $1 in the connected database that no other query sees: what is in no schema, in one
 * of PostgreSQL's own, or of a rarer kind than tables, routines and types.
 */
export const BELONGINGS_HERE = `
SELECT r.rolname::text AS role, s.deptype = 'o' AS owns, current_database()::text AS database, i.type, i.schema, i.identity,
  1 AS count, pg_get_userbyid(o.refobjid)::text AS owner
${DEPENDENCY}
  LEFT JOIN pg_class c ON s.classid = 'pg_class'::regclass AND c.oid = s.objid
  LEFT JOIN pg_proc p ON s.classid = 'pg_proc'::regclass AND p.oid = s.objid
  LEFT JOIN pg_type t ON s.classid = 'pg_type'::regclass AND t.oid = s.objid
  LEFT JOIN pg_namespace n ON n.oid = CASE s.classid WHEN 'pg_namespace'::regclass THEN s.objid
    ELSE coalesce(c.relnamespace, p.pronamespace, t.typnamespace) END,
  LATERAL pg_identify_object(s.classid, s.objid, s.objsubid) i
WHERE s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND r.rolname = ANY ($1) AND s.deptype IN ('a', 'o') AND s.classid <> 'pg_default_acl'::regclass
  AND (n.oid IS NULL OR ${SYSTEM_SCHEMA})
UNION ALL ${publicOn(
  `SELECT 'pg_largeobject'::regclass, oid, lomacl, lomowner FROM pg_largeobject_metadata
  UNION ALL SELECT 'pg_foreign_server'::regclass, oid, srvacl, srvowner FROM pg_foreign_server
  UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid, fdwacl, fdwowner FROM pg_foreign_data_wrapper`,
  "current_database()",
)}
ORDER BY 1, 2, 4, 6`;

/** {@link LiveSchema}. */
export const SCHEMAS = `
SELECT n.nspname::text AS name, pg_get_userbyid(n.nspowner)::text AS owner, has_schema_privilege('public', n.oid, 'USAGE') AS open,
  ${grants(
    "coalesce(n.nspacl, acldefault('n', n.nspowner))",
    "n.nspowner",
    news("'pg_namespace'::regclass", "n.oid", "0"),
  )}
FROM pg_namespace n WHERE NOT ${SYSTEM_SCHEMA} ORDER BY 1`;

/**
 * {@link LiveObjects}. Row and array types follow their table and element, a range's constructors their type. Grouped
 * here, since a thousand tables mostly have one owner and one list of privileges.
 */
export const OBJECTS = `
WITH own AS MATERIALIZED (SELECT n.oid, n.nspname::text AS name FROM pg_namespace n WHERE NOT ${SYSTEM_SCHEMA}),
object AS (
  SELECT own.name AS schema, 'pg_class'::regclass AS class, c.oid, 0 AS part,
    CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table'
      WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind,
    NULL AS relation, quote_ident(c.relname) AS name, c.relowner AS owner,
    coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, c.relowner)) AS acl
  FROM pg_class c JOIN own ON own.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  UNION ALL
  SELECT own.name, 'pg_class'::regclass, c.oid, a.attnum, 'column', quote_ident(c.relname), quote_ident(a.attname), c.relowner, a.attacl
  FROM pg_class c JOIN own ON own.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE a.attacl IS NOT NULL AND NOT a.attisdropped
  UNION ALL
  SELECT own.name, 'pg_proc'::regclass, p.oid, 0, CASE WHEN p.prosecdef THEN 'SECURITY DEFINER routine' ELSE 'routine' END, NULL,
    -- Of an aggregate, ALTER ROUTINE and GRANT know no ORDER BY.
    quote_ident(p.proname) || '(' || CASE p.prokind WHEN 'a' THEN array_to_string(p.proargtypes::regtype[], ', ')
      ELSE pg_get_function_identity_arguments(p.oid) END || ')', p.proowner, coalesce(p.proacl, acldefault('f', p.proowner))
  FROM pg_proc p JOIN own ON own.oid = p.pronamespace
  WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')
  UNION ALL
  SELECT own.name, 'pg_type'::regclass, t.oid, 0, 'type', NULL, quote_ident(t.typname), t.typowner, NULL
  FROM pg_type t JOIN own ON own.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
  WHERE (t.typrelid = 0 OR c.relkind = 'c') AND t.typtype <> 'm'
    AND NOT EXISTS (SELECT FROM pg_type element WHERE element.typarray = t.oid)
),
single AS (
  SELECT o.schema, o.kind, o.relation, o.name, pg_get_userbyid(o.owner)::text AS owner,
    (SELECT CASE min(d.deptype) WHEN 'e' THEN 'extension' ELSE 'table' END FROM pg_depend d
      WHERE d.classid = o.class AND d.objid = o.oid AND d.objsubid = 0
        AND (d.deptype = 'e' OR o.kind = 'sequence' AND d.deptype IN ('a', 'i') AND d.refclassid = 'pg_class'::regclass)
      HAVING count(*) > 0) AS "partOf",
    ${grants("o.acl", "o.owner", news("o.class", "o.oid", "o.part"))}
  FROM object o
)
SELECT schema, kind, relation, "partOf", owner, grants, array_agg(name ORDER BY name COLLATE "C") AS names
FROM single GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 7`;

/** {@link LiveExtension}. */
export const EXTENSIONS = `
SELECT e.extname::text AS name, n.nspname::text AS schema, pg_get_userbyid(e.extowner)::text AS owner, e.extrelocatable AS relocatable
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace ORDER BY 1`;

/** {@link LiveDefaultPrivileges}. */
export const DEFAULT_PRIVILEGES = `
SELECT pg_get_userbyid(d.defaclrole)::text AS creator, n.nspname::text AS schema,
  CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES'
    WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END AS "objectType",
  ${grants("d.defaclacl", "d.defaclrole")}
FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace ORDER BY 1, 2, 3`;

/** {@link LiveProtectedTable}. */
export const PROTECTED_TABLES = `
SELECT n.nspname::text AS schema, quote_ident(c.relname) AS name, pg_get_userbyid(c.relowner)::text AS owner,
  (SELECT coalesce(json_agg(json_build_object('name', quote_ident(p.polname),
      'roles', ARRAY(SELECT pg_get_userbyid(role)::text FROM unnest(p.polroles) role WHERE role <> 0 ORDER BY 1),
      'permissive', p.polpermissive, 'using', pg_get_expr(p.polqual, c.oid), 'check', pg_get_expr(p.polwithcheck, c.oid))
    ORDER BY p.polname), '[]') FROM pg_policy p WHERE p.polrelid = c.oid) AS policies
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relrowsecurity AND NOT ${SYSTEM_SCHEMA} ORDER BY 1, 2`;

/** Whether an event trigger decides on DROP OWNED, in the connected database. */
export const DROP_OWNED_GUARD = `
SELECT EXISTS (SELECT FROM pg_event_trigger
  WHERE evtevent = 'ddl_command_start' AND evtenabled IN ('O', 'A') AND 'DROP OWNED' = ANY (evttags)) AS guarded`;
