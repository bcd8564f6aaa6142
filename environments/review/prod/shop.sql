-- Access to the database shop of the environment prod, rendered from environments/prod.yaml.
-- Change that file and render again (npm run synth); a change made here is lost.
--
-- What is there afterwards, for those who do not run Terraform:
--   database shop, made if it is missing
--   schema billing: owner shop_billing_owner, read-write shop_billing_rw, read-only shop_billing_ro
--   schema catalog: owner shop_catalog_owner, read-write shop_catalog_rw, read-only shop_catalog_ro
--   schema orders: owner shop_orders_owner, read-write shop_orders_rw, read-only shop_orders_ro
-- Each level of a schema is a role that nobody logs in as:
--   read-only: SELECT on tables, views and sequences
--   read-write: SELECT, INSERT, UPDATE and DELETE on tables and views, SELECT and USAGE on sequences, EXECUTE on functions and procedures
--   owner: owns the schema and what is created in it, for migrations
-- Database users. They log in by IAM alone (rds_iam), have no password, and what their groups have:
--   analysts_anna, analysts_ben: read-only orders; at most 100 connections each; open transactions end after 1min
--   billing_migrations: owner billing; at most 100 connections; sessions run as shop_billing_owner; open transactions end after 1min
--   billing_worker: read-write billing, read-only orders; at most 100 connections; open transactions end after 1min
--   catalog_api: read-write catalog; at most 100 connections; open transactions end after 1min
--   catalog_migrations: owner catalog; at most 100 connections; sessions run as shop_catalog_owner; open transactions end after 1min
--   on_call: read-only billing, read-only catalog, read-write orders; at most 100 connections; open transactions end after 1min
--   orders_api: read-only billing, read-only catalog, read-write orders; at most 100 connections; open transactions end after 1min
--   orders_migrations: owner orders; at most 100 connections; sessions run as shop_orders_owner; open transactions end after 1min
--   reporting: read-only billing, read-only orders; at most 100 connections; open transactions end after 1min
-- Sessions of postgres, which is to run this: search_path="", lock_timeout=60s
--
-- What is taken away:
--   from PUBLIC, which is everybody: the database, its schema public, and EXECUTE on what the admin and the owners make
--   from these roles, rds_iam and PUBLIC: whatever else they were granted on the database, the schemas above and what is in them
--   from these users: every other group. From these groups: everybody else
-- Where only a superuser can do that, it stops and says so. What extensions bring along stays, and what other roles were
-- granted: npm run verify finds that and the rest. It drops nothing.
--
-- It is one transaction, after the database is made. It may run again at any time: what is in place stays, and the last
-- line says whether anything changed. Run it as postgres, and after another database's script rather than beside it, since
-- roles are common to all:
--   psql "host=… user=postgres dbname=postgres sslmode=verify-full sslrootcert=…" -X -f shop.sql
-- With -v dry_run=1 before -f it says what would change, and changes nothing.
\set ON_ERROR_STOP on
\set QUIET on
\pset tuples_only on
\pset format unaligned
SET search_path = '';
\if :{?dry_run}
\else
\set dry_run off
\endif
-- What is neither yes nor no is an error here, and not a run for real.
SELECT :'dry_run'::boolean AS dry_run \gset

SELECT 'shop' AS database \gset
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = :'database') AS missing \gset
\if :missing
\if :dry_run
SELECT concat('Dry run: the database shop is not there. It would be made with all that the top of this script says, and nothing has been changed.',
  (SELECT ' Of its roles these are there, and become what it says: ' || string_agg(rolname, ', ' ORDER BY rolname) || '.'
    FROM pg_catalog.pg_roles WHERE rolname = ANY (ARRAY['shop_billing_owner', 'shop_billing_rw', 'shop_billing_ro', 'shop_catalog_owner', 'shop_catalog_rw', 'shop_catalog_ro', 'shop_orders_owner', 'shop_orders_rw', 'shop_orders_ro', 'analysts_anna', 'analysts_ben', 'billing_migrations', 'billing_worker', 'catalog_api', 'catalog_migrations', 'on_call', 'orders_api', 'orders_migrations', 'reporting']::text[])));
\quit
\endif
CREATE DATABASE "shop" TEMPLATE template0 ENCODING 'UTF8';
\endif
\connect :database

\o /dev/null
BEGIN;
-- Names below mean what they say, whatever the session's search_path is.
SET LOCAL search_path = pg_catalog;
-- A privilege that is there already is no news.
SET LOCAL client_min_messages = warning;
-- Any login can hold what this waits for.
SET LOCAL lock_timeout = '60s';

-- What is to be. It is run at the very end, once the functions that it calls are there.
CREATE OR REPLACE FUNCTION pg_temp.access() RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
-- Whom this is about. What others were granted stays as it is.
PERFORM set_config('access.roles', ARRAY['shop_billing_owner', 'shop_billing_rw', 'shop_billing_ro', 'shop_catalog_owner', 'shop_catalog_rw', 'shop_catalog_ro', 'shop_orders_owner', 'shop_orders_rw', 'shop_orders_ro', 'warehouse_public_rw', 'warehouse_public_ro', 'warehouse_stock_owner', 'warehouse_stock_rw', 'warehouse_stock_ro', 'analysts_anna', 'analysts_ben', 'billing_migrations', 'billing_worker', 'catalog_api', 'catalog_migrations', 'on_call', 'orders_api', 'orders_migrations', 'reporting', 'stock_migrations', 'stock_sync', 'rds_iam', 'public']::text[]::text, true);

-- The admin's own sessions, from the next one on: they find no name in a user's schema, and do not wait for ever.
PERFORM pg_temp.ensure_setting(current_user, 'search_path', '');
PERFORM pg_temp.ensure_setting(current_user, 'lock_timeout', '60s');

-- Group roles: they hold every privilege, and nobody logs in as one.
PERFORM pg_temp.ensure_role('shop_billing_owner');
PERFORM pg_temp.ensure_role('shop_billing_rw');
PERFORM pg_temp.ensure_role('shop_billing_ro');
PERFORM pg_temp.ensure_role('shop_catalog_owner');
PERFORM pg_temp.ensure_role('shop_catalog_rw');
PERFORM pg_temp.ensure_role('shop_catalog_ro');
PERFORM pg_temp.ensure_role('shop_orders_owner');
PERFORM pg_temp.ensure_role('shop_orders_rw');
PERFORM pg_temp.ensure_role('shop_orders_ro');

-- Whoever else is in one of these groups or users leaves it, and these users leave every other group.
PERFORM pg_temp.leave_groups(
  pairs => ARRAY['analysts_anna rds_iam', 'analysts_anna shop_orders_ro', 'analysts_anna warehouse_stock_ro', 'analysts_ben rds_iam', 'analysts_ben shop_orders_ro', 'analysts_ben warehouse_stock_ro', 'billing_migrations rds_iam', 'billing_migrations shop_billing_owner', 'billing_worker rds_iam', 'billing_worker shop_billing_rw', 'billing_worker shop_orders_ro', 'catalog_api rds_iam', 'catalog_api shop_catalog_rw', 'catalog_migrations rds_iam', 'catalog_migrations shop_catalog_owner', 'on_call rds_iam', 'on_call shop_billing_ro', 'on_call shop_catalog_ro', 'on_call shop_orders_rw', 'on_call warehouse_stock_ro', 'orders_api rds_iam', 'orders_api shop_billing_ro', 'orders_api shop_catalog_ro', 'orders_api shop_orders_rw', 'orders_migrations rds_iam', 'orders_migrations shop_orders_owner', 'reporting rds_iam', 'reporting shop_billing_ro', 'reporting shop_orders_ro', 'reporting warehouse_stock_ro']::text[],
  groups => ARRAY['shop_billing_owner', 'shop_billing_rw', 'shop_billing_ro', 'shop_catalog_owner', 'shop_catalog_rw', 'shop_catalog_ro', 'shop_orders_owner', 'shop_orders_rw', 'shop_orders_ro']::text[],
  users => ARRAY['analysts_anna', 'analysts_ben', 'billing_migrations', 'billing_worker', 'catalog_api', 'catalog_migrations', 'on_call', 'orders_api', 'orders_migrations', 'reporting']::text[],
  every_group => ARRAY['shop_billing_owner', 'shop_billing_rw', 'shop_billing_ro', 'shop_catalog_owner', 'shop_catalog_rw', 'shop_catalog_ro', 'shop_orders_owner', 'shop_orders_rw', 'shop_orders_ro', 'warehouse_public_rw', 'warehouse_public_ro', 'warehouse_stock_owner', 'warehouse_stock_rw', 'warehouse_stock_ro']::text[],
  no_session_role => ARRAY['analysts_anna', 'analysts_ben', 'billing_worker', 'catalog_api', 'on_call', 'orders_api', 'reporting', 'stock_sync']::text[]);

-- Database users: no password, no privileges of their own. The sessions of an owner run as its group, so that
-- what a migration creates belongs to the group.
PERFORM pg_temp.ensure_role('analysts_anna', connection_limit => 100);
PERFORM pg_temp.ensure_member('analysts_anna', 'rds_iam', 'shop_orders_ro');
PERFORM pg_temp.ensure_role('analysts_ben', connection_limit => 100);
PERFORM pg_temp.ensure_member('analysts_ben', 'rds_iam', 'shop_orders_ro');
PERFORM pg_temp.ensure_role('billing_migrations', connection_limit => 100);
PERFORM pg_temp.ensure_member('billing_migrations', 'rds_iam', 'shop_billing_owner');
PERFORM pg_temp.ensure_setting('billing_migrations', 'role', 'shop_billing_owner');
PERFORM pg_temp.ensure_role('billing_worker', connection_limit => 100);
PERFORM pg_temp.ensure_member('billing_worker', 'rds_iam', 'shop_billing_rw', 'shop_orders_ro');
PERFORM pg_temp.ensure_role('catalog_api', connection_limit => 100);
PERFORM pg_temp.ensure_member('catalog_api', 'rds_iam', 'shop_catalog_rw');
PERFORM pg_temp.ensure_role('catalog_migrations', connection_limit => 100);
PERFORM pg_temp.ensure_member('catalog_migrations', 'rds_iam', 'shop_catalog_owner');
PERFORM pg_temp.ensure_setting('catalog_migrations', 'role', 'shop_catalog_owner');
PERFORM pg_temp.ensure_role('on_call', connection_limit => 100);
PERFORM pg_temp.ensure_member('on_call', 'rds_iam', 'shop_billing_ro', 'shop_catalog_ro', 'shop_orders_rw');
PERFORM pg_temp.ensure_role('orders_api', connection_limit => 100);
PERFORM pg_temp.ensure_member('orders_api', 'rds_iam', 'shop_billing_ro', 'shop_catalog_ro', 'shop_orders_rw');
PERFORM pg_temp.ensure_role('orders_migrations', connection_limit => 100);
PERFORM pg_temp.ensure_member('orders_migrations', 'rds_iam', 'shop_orders_owner');
PERFORM pg_temp.ensure_setting('orders_migrations', 'role', 'shop_orders_owner');
PERFORM pg_temp.ensure_role('reporting', connection_limit => 100);
PERFORM pg_temp.ensure_member('reporting', 'rds_iam', 'shop_billing_ro', 'shop_orders_ro');
PERFORM pg_temp.ensure_values('analysts_anna', 'statement_timeout', ARRAY[]::text[]);
PERFORM pg_temp.ensure_values('analysts_anna', 'idle_in_transaction_session_timeout', ARRAY['60000']::text[]);
PERFORM pg_temp.ensure_values('analysts_anna', 'search_path', ARRAY[]::text[]);
PERFORM pg_temp.ensure_values('analysts_ben', 'statement_timeout', ARRAY[]::text[]);
PERFORM pg_temp.ensure_values('analysts_ben', 'idle_in_transaction_session_timeout', ARRAY['60000']::text[]);
PERFORM pg_temp.ensure_values('analysts_ben', 'search_path', ARRAY[]::text[]);
PERFORM pg_temp.ensure_values('billing_migrations', 'statement_timeout', ARRAY[]::text[]);
PERFORM pg_temp.ensure_values('billing_migrations', 'idle_in_transaction_session_timeout', ARRAY['60000']::text[]);
PERFORM pg_temp.ensure_values('billing_migrations', 'search_path', ARRAY[]::text[]);
PERFORM pg_temp.ensure_values('billing_worker', 'statement_timeout', ARRAY[]::text[]);
PERFORM pg_temp.ensure_values('billing_worker', 'idle_in_transaction_session_timeout', ARRAY['60000']::text[]);
PERFORM pg_temp.ensure_values('billing_worker', 'search_path', ARRAY[]::text[]);
PERFORM pg_temp.ensure_values('catalog_api', 'statement_timeout', ARRAY[]::text[]);
PERFORM pg_temp.ensure_values('catalog_api', 'idle_in_transaction_session_timeout', ARRAY['60000']::text[]);
PERFORM pg_temp.ensure_values('catalog_api', 'search_path', ARRAY[]::text[]);
PERFORM pg_temp.ensure_values('catalog_migrations', 'statement_timeout', ARRAY[]::text[]);
PERFORM pg_temp.ensure_values('catalog_migrations', 'idle_in_transaction_session_timeout', ARRAY['60000']::text[]);
PERFORM pg_temp.ensure_values('catalog_migrations', 'search_path', ARRAY[]::text[]);
PERFORM pg_temp.ensure_values('on_call', 'statement_timeout', ARRAY[]::text[]);
PERFORM pg_temp.ensure_values('on_call', 'idle_in_transaction_session_timeout', ARRAY['60000']::text[]);
PERFORM pg_temp.ensure_values('on_call', 'search_path', ARRAY[]::text[]);
PERFORM pg_temp.ensure_values('orders_api', 'statement_timeout', ARRAY[]::text[]);
PERFORM pg_temp.ensure_values('orders_api', 'idle_in_transaction_session_timeout', ARRAY['60000']::text[]);
PERFORM pg_temp.ensure_values('orders_api', 'search_path', ARRAY[]::text[]);
PERFORM pg_temp.ensure_values('orders_migrations', 'statement_timeout', ARRAY[]::text[]);
PERFORM pg_temp.ensure_values('orders_migrations', 'idle_in_transaction_session_timeout', ARRAY['60000']::text[]);
PERFORM pg_temp.ensure_values('orders_migrations', 'search_path', ARRAY[]::text[]);
PERFORM pg_temp.ensure_values('reporting', 'statement_timeout', ARRAY[]::text[]);
PERFORM pg_temp.ensure_values('reporting', 'idle_in_transaction_session_timeout', ARRAY['60000']::text[]);
PERFORM pg_temp.ensure_values('reporting', 'search_path', ARRAY[]::text[]);

-- PUBLIC, which is everybody, loses what a new database gives it.
PERFORM pg_temp.ensure_grant('{}', 'database', NULL, 'public');
PERFORM pg_temp.ensure_grant('{}', 'schema', 'public', 'public');
PERFORM pg_temp.ensure_default('{}', 'function', NULL, 'postgres', 'public');
PERFORM pg_temp.revoke_beyond(NULL, NULL, ARRAY['database shop_billing_owner', 'database shop_billing_rw', 'database shop_billing_ro', 'database shop_catalog_owner', 'database shop_catalog_rw', 'database shop_catalog_ro', 'database shop_orders_owner', 'database shop_orders_rw', 'database shop_orders_ro']::text[]);

-- Schema billing. Only a member of the owner may grant on what the owner has: the admin is one for a moment.
GRANT "shop_billing_owner" TO CURRENT_USER;
CREATE SCHEMA IF NOT EXISTS "billing" AUTHORIZATION "shop_billing_owner";
ALTER SCHEMA "billing" OWNER TO "shop_billing_owner";
PERFORM pg_temp.revoke_beyond('billing', 'shop_billing_owner', ARRAY['schema shop_billing_rw', 'table shop_billing_rw', 'default table shop_billing_rw', 'sequence shop_billing_rw', 'default sequence shop_billing_rw', 'definer shop_billing_rw', 'default function shop_billing_rw', 'schema shop_billing_ro', 'table shop_billing_ro', 'default table shop_billing_ro', 'sequence shop_billing_ro', 'default sequence shop_billing_ro', 'function shop_billing_owner', 'function shop_billing_rw', 'function shop_billing_ro']::text[]);
PERFORM pg_temp.ensure_grant('{CONNECT}', 'database', NULL, 'shop_billing_owner');
PERFORM pg_temp.ensure_grant('{CONNECT}', 'database', NULL, 'shop_billing_rw');
PERFORM pg_temp.ensure_grant('{CONNECT}', 'database', NULL, 'shop_billing_ro');
PERFORM pg_temp.ensure_default('{}', 'function', NULL, 'shop_billing_owner', 'public');
PERFORM pg_temp.ensure_grant('{}', 'function', 'billing', 'public');
PERFORM pg_temp.ensure_grant('{USAGE}', 'schema', 'billing', 'shop_billing_rw');
PERFORM pg_temp.ensure_grant('{DELETE, INSERT, SELECT, UPDATE}', 'table', 'billing', 'shop_billing_rw');
PERFORM pg_temp.ensure_default('{DELETE, INSERT, SELECT, UPDATE}', 'table', 'billing', 'shop_billing_owner', 'shop_billing_rw');
PERFORM pg_temp.ensure_grant('{SELECT, USAGE}', 'sequence', 'billing', 'shop_billing_rw');
PERFORM pg_temp.ensure_default('{SELECT, USAGE}', 'sequence', 'billing', 'shop_billing_owner', 'shop_billing_rw');
PERFORM pg_temp.ensure_grant('{EXECUTE}', 'function', 'billing', 'shop_billing_rw');
PERFORM pg_temp.ensure_default('{EXECUTE}', 'function', 'billing', 'shop_billing_owner', 'shop_billing_rw');
PERFORM pg_temp.ensure_grant('{USAGE}', 'schema', 'billing', 'shop_billing_ro');
PERFORM pg_temp.ensure_grant('{SELECT}', 'table', 'billing', 'shop_billing_ro');
PERFORM pg_temp.ensure_default('{SELECT}', 'table', 'billing', 'shop_billing_owner', 'shop_billing_ro');
PERFORM pg_temp.ensure_grant('{SELECT}', 'sequence', 'billing', 'shop_billing_ro');
PERFORM pg_temp.ensure_default('{SELECT}', 'sequence', 'billing', 'shop_billing_owner', 'shop_billing_ro');
REVOKE "shop_billing_owner" FROM CURRENT_USER;

-- Schema catalog. Only a member of the owner may grant on what the owner has: the admin is one for a moment.
GRANT "shop_catalog_owner" TO CURRENT_USER;
CREATE SCHEMA IF NOT EXISTS "catalog" AUTHORIZATION "shop_catalog_owner";
ALTER SCHEMA "catalog" OWNER TO "shop_catalog_owner";
PERFORM pg_temp.revoke_beyond('catalog', 'shop_catalog_owner', ARRAY['schema shop_catalog_rw', 'table shop_catalog_rw', 'default table shop_catalog_rw', 'sequence shop_catalog_rw', 'default sequence shop_catalog_rw', 'definer shop_catalog_rw', 'default function shop_catalog_rw', 'schema shop_catalog_ro', 'table shop_catalog_ro', 'default table shop_catalog_ro', 'sequence shop_catalog_ro', 'default sequence shop_catalog_ro', 'function shop_catalog_owner', 'function shop_catalog_rw', 'function shop_catalog_ro']::text[]);
PERFORM pg_temp.ensure_grant('{CONNECT}', 'database', NULL, 'shop_catalog_owner');
PERFORM pg_temp.ensure_grant('{CONNECT}', 'database', NULL, 'shop_catalog_rw');
PERFORM pg_temp.ensure_grant('{CONNECT}', 'database', NULL, 'shop_catalog_ro');
PERFORM pg_temp.ensure_default('{}', 'function', NULL, 'shop_catalog_owner', 'public');
PERFORM pg_temp.ensure_grant('{}', 'function', 'catalog', 'public');
PERFORM pg_temp.ensure_grant('{USAGE}', 'schema', 'catalog', 'shop_catalog_rw');
PERFORM pg_temp.ensure_grant('{DELETE, INSERT, SELECT, UPDATE}', 'table', 'catalog', 'shop_catalog_rw');
PERFORM pg_temp.ensure_default('{DELETE, INSERT, SELECT, UPDATE}', 'table', 'catalog', 'shop_catalog_owner', 'shop_catalog_rw');
PERFORM pg_temp.ensure_grant('{SELECT, USAGE}', 'sequence', 'catalog', 'shop_catalog_rw');
PERFORM pg_temp.ensure_default('{SELECT, USAGE}', 'sequence', 'catalog', 'shop_catalog_owner', 'shop_catalog_rw');
PERFORM pg_temp.ensure_grant('{EXECUTE}', 'function', 'catalog', 'shop_catalog_rw');
PERFORM pg_temp.ensure_default('{EXECUTE}', 'function', 'catalog', 'shop_catalog_owner', 'shop_catalog_rw');
PERFORM pg_temp.ensure_grant('{USAGE}', 'schema', 'catalog', 'shop_catalog_ro');
PERFORM pg_temp.ensure_grant('{SELECT}', 'table', 'catalog', 'shop_catalog_ro');
PERFORM pg_temp.ensure_default('{SELECT}', 'table', 'catalog', 'shop_catalog_owner', 'shop_catalog_ro');
PERFORM pg_temp.ensure_grant('{SELECT}', 'sequence', 'catalog', 'shop_catalog_ro');
PERFORM pg_temp.ensure_default('{SELECT}', 'sequence', 'catalog', 'shop_catalog_owner', 'shop_catalog_ro');
REVOKE "shop_catalog_owner" FROM CURRENT_USER;

-- Schema orders. Only a member of the owner may grant on what the owner has: the admin is one for a moment.
GRANT "shop_orders_owner" TO CURRENT_USER;
CREATE SCHEMA IF NOT EXISTS "orders" AUTHORIZATION "shop_orders_owner";
ALTER SCHEMA "orders" OWNER TO "shop_orders_owner";
PERFORM pg_temp.revoke_beyond('orders', 'shop_orders_owner', ARRAY['schema shop_orders_rw', 'table shop_orders_rw', 'default table shop_orders_rw', 'sequence shop_orders_rw', 'default sequence shop_orders_rw', 'definer shop_orders_rw', 'default function shop_orders_rw', 'schema shop_orders_ro', 'table shop_orders_ro', 'default table shop_orders_ro', 'sequence shop_orders_ro', 'default sequence shop_orders_ro', 'function shop_orders_owner', 'function shop_orders_rw', 'function shop_orders_ro']::text[]);
PERFORM pg_temp.ensure_grant('{CONNECT}', 'database', NULL, 'shop_orders_owner');
PERFORM pg_temp.ensure_grant('{CONNECT}', 'database', NULL, 'shop_orders_rw');
PERFORM pg_temp.ensure_grant('{CONNECT}', 'database', NULL, 'shop_orders_ro');
PERFORM pg_temp.ensure_default('{}', 'function', NULL, 'shop_orders_owner', 'public');
PERFORM pg_temp.ensure_grant('{}', 'function', 'orders', 'public');
PERFORM pg_temp.ensure_grant('{USAGE}', 'schema', 'orders', 'shop_orders_rw');
PERFORM pg_temp.ensure_grant('{DELETE, INSERT, SELECT, UPDATE}', 'table', 'orders', 'shop_orders_rw');
PERFORM pg_temp.ensure_default('{DELETE, INSERT, SELECT, UPDATE}', 'table', 'orders', 'shop_orders_owner', 'shop_orders_rw');
PERFORM pg_temp.ensure_grant('{SELECT, USAGE}', 'sequence', 'orders', 'shop_orders_rw');
PERFORM pg_temp.ensure_default('{SELECT, USAGE}', 'sequence', 'orders', 'shop_orders_owner', 'shop_orders_rw');
PERFORM pg_temp.ensure_grant('{EXECUTE}', 'function', 'orders', 'shop_orders_rw');
PERFORM pg_temp.ensure_default('{EXECUTE}', 'function', 'orders', 'shop_orders_owner', 'shop_orders_rw');
PERFORM pg_temp.ensure_grant('{USAGE}', 'schema', 'orders', 'shop_orders_ro');
PERFORM pg_temp.ensure_grant('{SELECT}', 'table', 'orders', 'shop_orders_ro');
PERFORM pg_temp.ensure_default('{SELECT}', 'table', 'orders', 'shop_orders_owner', 'shop_orders_ro');
PERFORM pg_temp.ensure_grant('{SELECT}', 'sequence', 'orders', 'shop_orders_ro');
PERFORM pg_temp.ensure_default('{SELECT}', 'sequence', 'orders', 'shop_orders_owner', 'shop_orders_ro');
REVOKE "shop_orders_owner" FROM CURRENT_USER;
END;
$body$;

-- How: each of these looks first, and changes only what differs. They end with the session.
CREATE OR REPLACE FUNCTION pg_temp.wait_for_turn() RETURNS void LANGUAGE plpgsql AS $function$
DECLARE holder record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('access-plan'));
EXCEPTION WHEN lock_not_available THEN
  SELECT a.pid, a.usename INTO holder FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
    JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
    WHERE l.locktype = 'advisory' AND l.granted AND l.objid::bigint = hashtext('access-plan')::bigint & 4294967295;
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
$function$;
CREATE OR REPLACE FUNCTION pg_temp.leave_groups(pairs text[], groups text[], users text[], every_group text[], no_session_role text[]) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
  found record;
  -- From 16 on a REVOKE ends what one grantor granted, and what was passed on because of it.
  grantors boolean := current_setting('server_version_num')::int >= 160000;
BEGIN
  -- What the admin granted first; what is then left only others can take back.
  FOR attempt IN 1..2 LOOP
    FOR found IN SELECT g.rolname AS role, u.rolname AS member, pg_get_userbyid(m.grantor) AS grantor, u.rolname || ' ' || g.rolname = ANY (pairs) AS planned
      FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member
      WHERE (g.rolname = ANY (groups || users) OR u.rolname = ANY (users || 'rds_iam'::text))
      -- The admin has the right to grant the roles it made (ADMIN), without their privileges.
      AND u.rolname <> current_user AND NOT u.rolsuper
      AND (m.admin_option OR u.rolname || ' ' || g.rolname <> ALL (pairs))
    LOOP
      -- By mistake it may be: who leaves the group of a schema that is still there is cut off.
      IF found.role <> ALL (every_group) AND found.role ~ '_(ro|rw|owner)$'
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
$function$;
CREATE OR REPLACE FUNCTION pg_temp.revoke_beyond(schema_name text, creator text, planned text[]) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE found record;
BEGIN
  -- First what the owner granted, with what others granted on because of it; whatever is left then only others can take back.
  FOR attempt IN 1..2 LOOP
    FOR found IN
      WITH relation AS (
        SELECT c.oid, relowner AS owner, relacl AS acl, format('%I.%I', nspname, relname) AS name,
          CASE relkind WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind
        FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
        WHERE nspname = schema_name AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')),
      target (kind, revoke, owner, acl) AS (
        SELECT 'database', format('REVOKE ALL ON DATABASE %I', datname), datdba, datacl
          FROM pg_database WHERE schema_name IS NULL AND datname = current_database()
        UNION ALL SELECT 'schema', format('REVOKE ALL ON SCHEMA %I', nspname), nspowner, nspacl
          FROM pg_namespace WHERE nspname = schema_name
        UNION ALL SELECT kind, format('REVOKE ALL ON %s %s', kind, name), owner, acl FROM relation
        UNION ALL SELECT 'column', format('REVOKE ALL (%I) ON TABLE %s', attname, name), owner, attacl
          FROM relation JOIN pg_attribute ON attrelid = oid WHERE NOT attisdropped
        UNION ALL SELECT r.rights, 'REVOKE ALL ON ' || r.name, r.owner, r.acl FROM pg_temp.routines_in(schema_name) r
        UNION ALL SELECT CASE defaclnamespace WHEN 0 THEN 'any ' ELSE 'default ' END || what.one,
            format('ALTER DEFAULT PRIVILEGES FOR ROLE %I%s REVOKE ALL ON %sS', creator, ' IN SCHEMA ' || quote_ident(nspname), what.one), defaclrole, defaclacl
          FROM pg_default_acl LEFT JOIN pg_namespace n ON n.oid = defaclnamespace
            JOIN (VALUES ('r'::"char", 'table'), ('S', 'sequence'), ('f', 'function')) what (type, one) ON what.type = defaclobjtype
          WHERE pg_get_userbyid(defaclrole) = creator AND (defaclnamespace = 0 OR nspname = schema_name))
      SELECT DISTINCT t.kind, t.owner, e.grantor, t.revoke || ' FROM ' || CASE e.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(r.name) END || ' CASCADE' AS command
      FROM target t, aclexplode(t.acl) e, LATERAL (SELECT CASE e.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(e.grantee) END) r (name)
      WHERE e.grantee <> t.owner AND r.name = ANY (current_setting('access.roles')::text[])
        -- What is planned is the owner's to grant, and nobody's to grant on.
        AND (t.kind || ' ' || r.name <> ALL (planned) OR e.is_grantable OR e.grantor <> t.owner)
    LOOP
      BEGIN
        IF attempt = 2 THEN
          RAISE EXCEPTION 'this takes nothing away, since it was granted by %: revoke what that role may grant on: %',
            pg_get_userbyid(found.grantor), found.command;
        END IF;
        EXECUTE found.command;
      EXCEPTION WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'only %, whose it is, or a superuser may do this: %', pg_get_userbyid(found.owner), found.command;
      END;
    END LOOP;
  END LOOP;
END;
$function$;
CREATE OR REPLACE FUNCTION pg_temp.ensure_values(name text, setting text, planned text[]) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
  present text := (SELECT one FROM pg_roles, unnest(rolconfig) one WHERE rolname = name AND starts_with(one, setting || '='));
  wanted text := setting || '=' || (SELECT string_agg(CASE setting WHEN 'search_path' THEN quote_ident(one) ELSE one END, ', ' ORDER BY place)
    FROM unnest(planned) WITH ORDINALITY value (one, place));
BEGIN
  IF present IS NOT DISTINCT FROM wanted THEN
    RETURN;
  ELSIF wanted IS NULL THEN
    EXECUTE format('ALTER ROLE %I RESET %I', name, setting);
  ELSE
    EXECUTE format('ALTER ROLE %I SET %I = ', name, setting)
      || (SELECT string_agg(quote_literal(one), ', ' ORDER BY place) FROM unnest(planned) WITH ORDINALITY value (one, place));
  END IF;
END;
$function$;
CREATE OR REPLACE FUNCTION pg_temp.access_state() RETURNS TABLE (thing text, named text, subject text, object text, facts text[]) LANGUAGE sql AS $function$
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
        || CASE WHEN count(object) > 5 THEN ', and ' || count(object) - 5 || ' more' ELSE '' END || ')' ELSE '' END), '[\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]', '?', 'g')
  FROM told GROUP BY kind, subject, sign, facts
  ORDER BY array_position(ARRAY['role', 'setting', 'member', 'database', 'schema', 'extension'], kind) NULLS LAST, kind, subject COLLATE "C", sign = '+', facts;
END;
$function$;

-- Two runs at once would trip over each other's rows (tuple concurrently updated).
SELECT pg_temp.wait_for_turn();
CREATE TEMPORARY TABLE pg_temp.access_before ON COMMIT DROP AS SELECT * FROM pg_temp.access_state();
SELECT pg_temp.access();
\o
\if :dry_run
SELECT CASE WHEN EXISTS (SELECT FROM pg_temp.access_changes()) OR current_database() <> 'shop'
  THEN 'Dry run: this would change, and nothing has been changed.' ELSE 'Dry run: nothing would change.' END;
SELECT * FROM pg_temp.access_changes();
ROLLBACK;
\else
SELECT CASE WHEN EXISTS (SELECT FROM pg_temp.access_changes()) THEN 'changed' ELSE 'nothing to change' END AS result;
COMMIT;
\endif
