import type { Level } from "../../model/postgresql/levels";
import { groupRole } from "../../model/postgresql/names";
import type { LoginAccess } from "./identities";
import type { Beyond } from "./proposal";
import { USING_LEVELS } from "./reach";
import type { PrivilegeOn } from "./schema-access";
import type { Target } from "./targets";
import { count, lineIf, some } from "./words";

/**
 * What a login has in a schema that no level gives, and what its level gives it that it has not.
 * @param migrates whether the migrations of a schema are this login's
 */
export function loginLines({ login, access }: LoginAccess, migrates: (target: Target) => boolean): Beyond[] {
  return access.flatMap(({ target, owned, creates, level, lost, gained, grantable, shut }) => {
    const where = `login ${login.name}, ${target.target}`;
    // Whoever owns something gets all there is below owning, and its migrations the rest.
    const granted = owned === 0;
    return [
      ...lineIf(
        shut,
        where,
        "It has privileges on what is in the schema and may not use it, or not connect to the database; they give it nothing, and it gets nothing.",
        "If it should have them, add a grant to its service.",
      ),
      ...lineIf(
        (owned > 0 || creates) && !migrates(target),
        where,
        `${owned === 0 ? "It may create in the schema" : `It owns ${count(owned, "object")} of the schema`}, and others own more. All of a schema belongs to its one owner group, and this login gets no owner grant.`,
        `If it migrates, too, give it a service of its own with ${target.target}: owner.`,
      ),
      ...lineIf(
        granted && lost.length > 0,
        where,
        `It has ${on(lost)}. ${level === undefined ? "No level gives just that, so it gets nothing there" : `${level} does not give it`}.`,
        level !== undefined && lost.every(({ privilege }) => privilege === "EXECUTE")
          ? `In a migration the owner grants single functions: GRANT EXECUTE ON FUNCTION … TO ${readers(target)}.`
          : "Look whether it uses that. If so, let migrations do it, or offer a function or a view for it (docs/access-model.md).",
      ),
      ...lineIf(
        granted && gained.length > 0,
        where,
        `${level} gives it more than it has: ${on(gained)}.`,
        `If it must not have that, move what it may use to a schema of its own, or show it by views there (docs/access-model.md), and take ${target.target} from it.`,
      ),
      ...lineIf(
        grantable,
        where,
        `It may grant ${on(grantable)} on to others. Group roles hold what identities have, so none may pass it on.`,
        "Add to the file whom it granted to.",
      ),
    ];
  });
}

function readers({ database, to }: Target): string {
  const [least = "read-only" satisfies Level] = USING_LEVELS;
  return groupRole(database.name, to, least);
}

function on(privileges: readonly PrivilegeOn[]): string {
  return some(
    privileges.map(({ privilege, kind, names, of }) => {
      const named = names.length <= 3 ? ` (${names.join(", ")})` : "";
      const number = kind === "column" ? "" : `${names.length} of `;
      return `${privilege} on ${number}${count(of, kind)}${named}`;
    }),
  );
}
