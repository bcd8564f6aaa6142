import { IAM_LOGIN_ROLE } from "../postgresql/names";
import { quoteLiteral, quoteTexts } from "../postgresql/quoting";
import { databaseUsers } from "./identity";
import { type AccessPlan, type DatabasePlan, groupRoles, type SchemaPlan } from "./plan";

/**
 * A function of the SQL (model/access/sql.ts) that takes away what is there beyond the plan. It looks at the plan's roles,
 * rds_iam and PUBLIC, which the setting `access.roles` lists: what somebody else was granted is no identity's, and stays.
 * What extensions bring along stays, too.
 */
export const REVOKE_BEYOND = `CREATE OR REPLACE FUNCTION pg_temp.revoke_beyond(schema_name text, creator text, planned text[]) RETURNS void LANGUAGE plpgsql AS $function$
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
$function$;`;

/** Takes from the plan's roles and PUBLIC what they have in a schema, or on the database itself, beyond the plan. */
export function revokeBeyond(database: DatabasePlan, schema?: SchemaPlan): string {
  // One that runs with its caller's rights may be granted by hand: nobody gains anything by it.
  const callable = schema?.groups.map(({ role }) => `function ${role}`) ?? [];
  const planned = database.grants
    .filter((grant) => grant.schema === schema?.name && grant.privileges.length > 0)
    .flatMap(({ objectType, createdBy, role }) => {
      if (createdBy !== undefined) return [`default ${objectType} ${role}`];
      return objectType === "function" ? [`definer ${role}`] : [`${objectType} ${role}`];
    });
  const place = schema ? `${quoteLiteral(schema.name)}, ${quoteLiteral(schema.owner)}` : "NULL, NULL";
  return `PERFORM pg_temp.revoke_beyond(${place}, ${quoteTexts([...planned, ...callable])});`;
}

/** Roles of the plan, of whichever database, and those that mean all of them. */
export function everyRole(plan: AccessPlan): string[] {
  return [...groupRoles(plan), ...plan.identities.flatMap(databaseUsers), IAM_LOGIN_ROLE, "public"];
}
