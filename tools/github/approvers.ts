import { quote } from "../../lib/nearest";
import { UserError } from "../../lib/user-error";

/** Who may approve. */
export interface Approvers {
  /** Logins, in lower case. */
  readonly users: readonly string[];
  readonly teams: readonly Team[];
}

/** A team of an organization. */
export interface Team {
  readonly organization: string;
  /** As it is in the team's address. */
  readonly slug: string;
}

const TEAM = /^@([a-z\d-]{1,39})\/([\w-]{1,255})$/i;
// An enterprise's managed users have an underscore in their login.
const USER = /^@?([a-z\d][a-z\d_-]{0,99})$/i;

/**
 * Reads `@org/team, user`.
 * @throws UserError for what is neither, and when it names nobody
 */
export function parseApprovers(text: string | undefined): Approvers {
  const named = (text ?? "").split(",").map((each) => each.trim());
  const wrong = named.filter((each) => each !== "" && !TEAM.test(each) && !USER.test(each));
  if (wrong.length > 0) {
    throw new UserError(
      wrong.map(
        (each) => `APPROVERS: ${quote(each)} is neither a team such as @acme/platform nor a user's login`,
      ),
    );
  }
  const approvers = {
    users: named.flatMap((each) => USER.exec(each)?.[1]?.toLowerCase() ?? []),
    teams: named.flatMap((each): Team[] => {
      const [, organization, slug] = TEAM.exec(each) ?? [];
      return organization && slug ? [{ organization, slug: slug.toLowerCase() }] : [];
    }),
  };
  if (approvers.users.length + approvers.teams.length === 0) {
    throw new UserError([
      "APPROVERS names nobody: set it to those who may approve, such as @acme/platform, octocat",
    ]);
  }
  return approvers;
}

/** A team as people write it. */
export function teamName({ organization, slug }: Team): string {
  return `@${organization}/${slug}`;
}
