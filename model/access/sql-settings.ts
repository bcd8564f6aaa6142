import { quoteLiteral, quoteTexts } from "../postgresql/quoting";
import { databaseUsers, type IdentityPlan } from "./identity";
import { loginSettings, SEARCH_PATH } from "./limits";
import type { AccessPlan } from "./plan";

/** Sets what the plan says of a login, a list of names one by one, and takes back what it says no longer. */
const ENSURE_VALUES = `CREATE OR REPLACE FUNCTION pg_temp.ensure_values(name text, setting text, planned text[]) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
  present text := (SELECT one FROM pg_roles, unnest(rolconfig) one WHERE rolname = name AND starts_with(one, setting || '='));
  wanted text := setting || '=' || (SELECT string_agg(CASE setting WHEN '${SEARCH_PATH}' THEN quote_ident(one) ELSE one END, ', ' ORDER BY place)
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
$function$;`;

/** The function that {@link ensureSettings} calls; none when the file says no setting of anybody. */
export function settingFunctions(plan: AccessPlan): string[] {
  return hasSettings(plan) ? [ENSURE_VALUES] : [];
}

/** Gives logins the settings that the plan has for them, and takes back those that it has only for others. */
export function ensureSettings(plan: AccessPlan, identities: readonly IdentityPlan[]): string[] {
  if (!hasSettings(plan)) return [];
  return identities.flatMap((identity) =>
    databaseUsers(identity).flatMap((user) =>
      loginSettings(identity).map(
        ({ name, values }) =>
          `PERFORM pg_temp.ensure_values(${quoteLiteral(user)}, ${quoteLiteral(name)}, ${quoteTexts(values)});`,
      ),
    ),
  );
}

function hasSettings({ identities }: AccessPlan): boolean {
  return identities.some((identity) => loginSettings(identity).some(({ values }) => values.length > 0));
}
