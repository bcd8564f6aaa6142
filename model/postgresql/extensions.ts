import { PUBLIC_SCHEMA } from "./names";

/** What is to be known of an extension, beyond its name. */
export interface ExtensionFacts {
  /** Extensions that must be there before it: CREATE EXTENSION would ask for them. */
  readonly needs?: readonly string[];
  /** The only schema that its own control file lets it into. @default the admin's choice */
  readonly schema?: string;
  /** What somebody can do by it that no grant speaks of: data leave the database, or code runs elsewhere or as somebody else. */
  readonly reaches?: string;
}

/** Extensions that need nothing said about them. */
const HARMLESS = `
address_standardizer address_standardizer_data_us amcheck autoinc aws_commons bloom btree_gin btree_gist citext collection cube
dict_int dict_xsyn flow_control fuzzystrmatch h3 hll hstore hypopg insert_username intagg intarray ip4r isn lo ltree moddatetime
old_snapshot pageinspect pg_bigm pg_buffercache pg_columnmask pg_freespacemap pg_logicalinspect pg_partman pg_prewarm pg_proctab
pg_repack pg_similarity pg_stat_statements pg_trgm pg_visibility pg_walinspect pgaudit pgcrypto pgrowlocks pgstattuple pgtap
plprofiler postgis prefix rdkit rds_tools refint seg sslinfo tablefunc tcn tsm_system_rows tsm_system_time unaccent uuid-ossp
vector xml2`;

/**
 * Those of which there is something to know. Aurora and RDS offer most; those that run code of their own on the server, such as
 * plpython3u, are here for servers that do.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraPostgreSQLReleaseNotes/AuroraPostgreSQL.Extensions.html
 */
const NOTABLE: Readonly<Record<string, ExtensionFacts>> = {
  adminpack: { schema: "pg_catalog", reaches: "reads, writes and removes files of the server" },
  apg_plan_mgmt: { schema: "apg_plan_mgmt" },
  aws_lambda: { needs: ["aws_commons"], reaches: "calls Lambda functions, with data" },
  aws_ml: { needs: ["aws_commons"], reaches: "sends data to SageMaker, Comprehend and Bedrock" },
  aws_s3: { needs: ["aws_commons"], reaches: "writes data to S3 and reads it from there" },
  bool_plperl: { needs: ["plperl"] },
  dblink: { reaches: "connects to other databases and runs SQL there" },
  earthdistance: { needs: ["cube"] },
  file_fdw: { reaches: "reads files of the server and runs programs on it" },
  h3_postgis: { needs: ["h3", "postgis", "postgis_raster"] },
  hstore_plperl: { needs: ["hstore", "plperl"] },
  http: { reaches: "sends requests to any address" },
  jsonb_plperl: { needs: ["plperl"] },
  log_fdw: { reaches: "reads the server's logs, in which everybody's statements are" },
  mysql_fdw: { reaches: "reads and writes tables of MySQL servers" },
  oracle_fdw: { reaches: "reads and writes tables of Oracle servers" },
  orafce: {
    reaches: "passes data between sessions (dbms_pipe, dbms_alert) and reads and writes files (utl_file)",
  },
  pg_cron: {
    schema: "pg_catalog",
    reaches: "runs statements later and again, as who scheduled them, when nobody is logged in",
  },
  pg_hint_plan: { schema: "hint_plan" },
  pg_net: { reaches: "sends requests to any address" },
  pg_tle: {
    schema: "pgtle",
    reaches: "installs extensions from SQL, whose hooks run in everybody's sessions",
  },
  pg_transport: { reaches: "moves whole databases between servers" },
  pgactive: { reaches: "copies tables to other servers, and from them" },
  pglogical: { schema: "pglogical", reaches: "copies tables to other servers, and from them" },
  pgrouting: { needs: ["postgis"] },
  plcoffee: { schema: "pg_catalog" },
  plls: { schema: "pg_catalog" },
  plperl: { schema: "pg_catalog" },
  plperlu: { schema: "pg_catalog", reaches: "runs any code on the server" },
  plpython3u: { schema: "pg_catalog", reaches: "runs any code on the server" },
  plrust: { schema: "plrust" },
  pltcl: { schema: "pg_catalog" },
  pltclu: { schema: "pg_catalog", reaches: "runs any code on the server" },
  plv8: { schema: "pg_catalog" },
  postgis_raster: { needs: ["postgis"] },
  postgis_tiger_geocoder: { needs: ["fuzzystrmatch", "postgis"], schema: "tiger" },
  postgis_topology: { needs: ["postgis"], schema: "topology" },
  postgres_fdw: { reaches: "reads and writes tables of other PostgreSQL servers" },
  tds_fdw: { reaches: "reads tables of SQL Server" },
};

/** Extension of PostgreSQL's own that every database has. It is nobody's to name. */
export const BUILT_IN_EXTENSION = "plpgsql";

/** Names of the extensions that this project knows, sorted. */
export const KNOWN_EXTENSIONS: readonly string[] = [
  ...HARMLESS.trim().split(/\s+/),
  ...Object.keys(NOTABLE),
].sort();

/** Those that no list has, by what their names say. */
const BY_NAME: readonly (readonly [RegExp, string])[] = [
  [/_fdw$/, "reads and writes data of other servers, as a foreign data wrapper"],
  [/^aws_/, "calls services of AWS"],
];

/** What is known of an extension; of one that is not, what its name says. */
export function extensionFacts(name: string): ExtensionFacts {
  const known = Object.hasOwn(NOTABLE, name) ? NOTABLE[name] : undefined;
  if (known) return known;
  const reaches = KNOWN_EXTENSIONS.includes(name)
    ? undefined
    : BY_NAME.find(([pattern]) => pattern.test(name))?.[1];
  return reaches === undefined ? {} : { reaches };
}

/** The schema that an extension is created in: `public`, which stays the admin's, unless it has one of its own. */
export function extensionSchema(name: string): string {
  return extensionFacts(name).schema ?? PUBLIC_SCHEMA;
}

/** Extensions in an order in which each comes after those that it needs, and otherwise sorted. */
export function inOrderOfNeed(names: readonly string[]): string[] {
  const done = new Set<string>();
  const add = (name: string) => {
    if (done.has(name)) return;
    for (const needed of extensionFacts(name).needs ?? []) if (names.includes(needed)) add(needed);
    done.add(name);
  };
  for (const name of [...names].sort()) add(name);
  return [...done];
}
