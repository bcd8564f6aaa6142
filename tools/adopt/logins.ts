import { IAM_LOGIN_ROLE } from "../../model/postgresql/names";
import type { AdoptedRole, LiveServer } from "./live-server";
import type { Beyond, Password } from "./proposal";
import { isPredefined, type Reach } from "./reach";
import { lineIf, some } from "./words";

/** A login that may become an identity. */
export interface Login {
  readonly role: AdoptedRole;
  readonly name: string;
  readonly reach: Reach;
  readonly password: Password;
  /** Whether RDS asks it for a token already. */
  readonly iam: boolean;
}

/** What of a server's roles can become identities, and what is to be said of the others. */
export interface Logins {
  readonly logins: readonly Login[];
  readonly beyond: readonly Beyond[];
}

/** What a login must not be, or be in, to become an identity, and why. */
const POWERS: ReadonlyMap<string, string> = new Map([
  ["SUPERUSER", "is a superuser"],
  ["REPLICATION", "may replicate"],
  ["rds_superuser", "is in rds_superuser, as the admin is"],
  ["rds_replication", "is in rds_replication, and so may replicate"],
]);

/** Roles of RDS that say how a login authenticates, and nothing of what it may do. */
const METHODS = [IAM_LOGIN_ROLE, "rds_password", "rds_ad"];

/** @param admin who Terraform works as */
export function findLogins(live: LiveServer, admin: string, reachOf: (role: string) => Reach): Logins {
  const logins: Login[] = [];
  const beyond: Beyond[] = [];
  for (const role of live.roles) {
    if (role.system || role.name === admin) continue;
    const reach = reachOf(role.name);
    if (!role.attributes.includes("LOGIN")) {
      beyond.push(noLogin(live, role, reachOf));
      continue;
    }
    const powers = [
      ...[...role.attributes, ...reach].flatMap((name) => POWERS.get(name) ?? []),
      ...(reach.has(admin) ? [`is in ${admin}, the admin`] : []),
    ];
    if (powers.length > 0) {
      beyond.push({
        where: `login ${role.name}`,
        what: `It ${powers.join(", and ")}, so it is none of the levels, and is not in the section.`,
        proposal:
          "Keep it as it is if something needs just that, such as replication; otherwise take the power from it and run this again.",
      });
      continue;
    }
    const iam = reach.has(IAM_LOGIN_ROLE);
    const unknown = role.hasPassword === null ? "unknown" : "set";
    const password = iam || role.hasPassword === false ? "none" : unknown;
    logins.push({ role, name: role.name, reach, password, iam });
    beyond.push(...attributeLines(live, role, reach, admin));
  }
  return { logins, beyond };
}

function noLogin(live: LiveServer, { name }: AdoptedRole, reachOf: (role: string) => Reach): Beyond {
  const members = live.roles
    .filter((each) => each.name !== name && each.attributes.includes("LOGIN") && reachOf(each.name).has(name))
    .map((each) => each.name);
  return {
    where: `role ${name}`,
    what:
      members.length === 0
        ? "Nobody logs in as it or through it. What it has and owns goes to the new group roles."
        : `It is a group of ${some(members)}. What it gives them is in the levels proposed for them; the file has groups of its own, one for each level of a schema.`,
    proposal: "Drop it when nothing is left to it, after the logins that are in it.",
  };
}

/** What the file has no word for, of attributes and of PostgreSQL's own roles. */
function attributeLines(
  live: LiveServer,
  { name, attributes, connectionLimit, passwordUntil }: AdoptedRole,
  reach: Reach,
  admin: string,
): Beyond[] {
  const where = `login ${name}`;
  const has = attributes.filter((each) => ["BYPASSRLS", "CREATEDB", "CREATEROLE"].includes(each));
  const system = live.roles
    .filter((role) => role.system && reach.has(role.name) && !METHODS.includes(role.name))
    .map((role) => role.name);
  return [
    ...lineIf(
      has,
      where,
      `It has ${some(has)}, which an identity never has.`,
      has.includes("BYPASSRLS")
        ? "Give it a row-level policy that lets it see what it must; what else it is for is the admin's to do."
        : "Leave to the admin what it is for.",
    ),
    ...lineIf(
      system,
      where,
      `It is in ${some(system)}, which an identity never is${system.some(isPredefined) ? "; the levels proposed for it are on the schemas that are there, not on those to come" : ""}.`,
      system.every(isPredefined)
        ? "Look whether it needs all of these levels."
        : `Keep a login of its own for that, or let ${admin} do it.`,
    ),
    ...lineIf(
      passwordUntil !== null,
      where,
      `Its password ends at ${passwordUntil}; identities have none, and tokens last 15 minutes.`,
      "Nothing is to be done, if it is gone by then or is to have no end.",
    ),
    ...lineIf(
      connectionLimit === 0,
      where,
      "It may have no connection at all.",
      "Drop it if nobody misses it.",
    ),
  ];
}
