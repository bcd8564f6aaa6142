import type { Expectation } from "../../model/access/expectation";

/** Names that are listed one by one; of more it is said how many. */
const MOST_NAMES = 5;

/** Database users that the plan lets into each of its databases: whoever compares a server looks into all of them. */
export function mayReadAll({ databases, roles, memberships }: Expectation): string[] {
  const users = roles.filter(({ kind }) => kind === "database user").map(({ name }) => name);
  return users.filter((user) => {
    const has = new Set([
      user,
      ...memberships.filter(({ member }) => member === user).map(({ role }) => role),
    ]);
    return databases.every(({ grants }) =>
      grants.some(({ role, privileges }) => privileges.includes("CONNECT") && has.has(role)),
    );
  });
}

/** Why somebody cannot compare a server, and who can. */
export function mayNotRead(expected: Expectation, user: string, databases: readonly string[]): string {
  const others = mayReadAll(expected).filter((name) => name !== user);
  const listed = [
    ...others.slice(0, MOST_NAMES),
    ...(others.length > MOST_NAMES ? [`${others.length - MOST_NAMES} more database users`] : []),
    `the admin ${expected.admin}`,
  ];
  const who = listed.length === 1 ? listed[0] : `${listed.slice(0, -1).join(", ")} and ${listed.at(-1)}`;
  const which = `the database${databases.length === 1 ? "" : "s"} ${databases.join(", ")}`;
  return `${user} may not connect to ${which}, or nobody may, and whoever verifies looks into all of the plan's; by the plan that is ${who}`;
}
