/**
 * What adopting asks of a server beyond what tools/catalog reads. As there, each is a constant whose columns are the fields of
 * what it gives, and names are found in pg_catalog alone.
 */
import { SUPERUSER } from "../../model/postgresql/names";
import { quoteLiteral } from "../../model/postgresql/quoting";

/** Names of the databases that hold what is a user's, in order. */
export const DATABASE_NAMES = `
SELECT datname::text AS name FROM pg_database
WHERE NOT datistemplate AND datname <> ${quoteLiteral(SUPERUSER)} ORDER BY datname COLLATE "C"`;

/** What ALTER DATABASE … SET has set, for whoever connects. */
export const DATABASE_SETTINGS = `
SELECT d.datname::text AS name, s.setconfig AS settings
FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase WHERE s.setrole = 0`;

/** Passwords that end. */
export const PASSWORDS_UNTIL = `
SELECT rolname::text AS name, rolvaliduntil::text AS until FROM pg_roles WHERE rolvaliduntil < 'infinity'`;

/** What PostgreSQL makes by itself has a smaller oid (FirstNormalObjectId). */
const MADE = 16384;

/** Catalogs of rarer kinds with an owner: the columns of oid and owner. */
const OTHERS = [
  ["pg_collation", "oid", "collowner"],
  ["pg_conversion", "oid", "conowner"],
  ["pg_event_trigger", "oid", "evtowner"],
  ["pg_foreign_data_wrapper", "oid", "fdwowner"],
  ["pg_foreign_server", "oid", "srvowner"],
  ["pg_language", "oid", "lanowner"],
  ["pg_opclass", "oid", "opcowner"],
  ["pg_operator", "oid", "oprowner"],
  ["pg_opfamily", "oid", "opfowner"],
  ["pg_publication", "oid", "pubowner"],
  ["pg_statistic_ext", "oid", "stxowner"],
  ["pg_ts_config", "oid", "cfgowner"],
  ["pg_ts_dict", "oid", "dictowner"],
] as const;

/** {@link LiveOther} of the connected database. A subscription is the cluster's, and a user mapping is whose it maps. */
export const OTHER_OBJECTS = `
SELECT o.type, o.schema, o.identity, pg_get_userbyid(object.owner)::text AS owner,
  EXISTS (SELECT FROM pg_depend d WHERE d.classid = object.class AND d.objid = object.oid AND d.deptype = 'e') AS extension
FROM (
  ${OTHERS.map(([catalog, oid, owner]) => `SELECT ${quoteLiteral(catalog)}::regclass AS class, ${oid} AS oid, ${owner} AS owner FROM ${catalog} WHERE oid >= ${MADE}`).join("\n  UNION ALL ")}
  UNION ALL SELECT 'pg_subscription'::regclass, oid, subowner FROM pg_subscription
    WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
  UNION ALL SELECT 'pg_user_mapping'::regclass, umid, umuser FROM pg_user_mappings WHERE umuser <> 0
) object, LATERAL pg_identify_object(object.class, object.oid, 0) o
ORDER BY 1, 3`;

/** {@link LargeObjects}. */
export const LARGE_OBJECTS = `
SELECT pg_get_userbyid(lomowner)::text AS owner, count(*)::int AS count FROM pg_largeobject_metadata GROUP BY 1 ORDER BY 1`;

/**
 * {@link SchemaMention} of the schemas $1. What is parsed when it is made (views, defaults, policies, SQL-standard bodies)
 * follows what it names; text is only read when it runs.
 */
export const MENTIONS = `
WITH routine AS (
  SELECT n.nspname::text AS schema, p.prosrc AS source, p.proconfig AS config, p.prosqlbody IS NULL AS text,
    quote_ident(p.proname) || '(' || CASE p.prokind WHEN 'a' THEN array_to_string(p.proargtypes::regtype[], ', ')
      ELSE pg_get_function_identity_arguments(p.oid) END || ')' AS routine
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
  WHERE p.oid >= ${MADE} AND l.lanname NOT IN ('c', 'internal')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
), named AS (
  SELECT name, regexp_replace(name, '([^[:alnum:]_])', '\\\\\\1', 'g') AS pattern FROM unnest($1::text[]) name
)
SELECT schema, routine, name AS names, 'text' AS by FROM routine, named
WHERE text AND source ~* ('(^|[^[:alnum:]_$])"?' || pattern || '"?\\s*\\.')
UNION ALL
SELECT schema, routine, name, 'search_path' FROM routine, named
WHERE EXISTS (SELECT FROM unnest(config) setting WHERE setting ~* ('^search_path=(.*[^[:alnum:]_$])?' || pattern || '([^[:alnum:]_$]|$)'))
ORDER BY 1, 2, 3, 4`;
