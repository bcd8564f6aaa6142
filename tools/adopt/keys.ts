import { iamRoleName, MAX_IAM_ROLE_NAME } from "../../model/aws/names";
import { databaseUser, reservedRoleName } from "../../model/postgresql/names";

/** Longest key that is a DNS label. */
const MAX_LABEL = 63;

/** Gives out keys for identities, each once, whose database users and IAM roles can be made. */
export class Keys {
  private readonly taken: Set<string>;
  private readonly longest: number;

  /**
   * @param environment the environment's name, which is part of the IAM role's
   * @param taken names that no database user may have, in any case: roles that are there, and schemas, in which a session of
   * its would look names up first
   */
  constructor(environment: string, taken: Iterable<string>) {
    this.taken = new Set([...taken].map((name) => name.toLowerCase()));
    this.longest = Math.min(MAX_LABEL, MAX_IAM_ROLE_NAME - iamRoleName(environment, "").length);
  }

  /** The key whose database user is the login itself; undefined when no key has that, or another one has it. */
  inPlace(login: string, schemas: ReadonlySet<string>): string | undefined {
    const key = login.replaceAll("_", "-");
    const usable =
      /^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(key) &&
      databaseUser(key) === login &&
      key.length <= this.longest &&
      reservedRoleName(login) === undefined &&
      !schemas.has(login.toLowerCase());
    return usable ? key : undefined;
  }

  /** A new key as much like a login's name as can be, with an ending that says what it is for. */
  beside(login: string, ending: string): string {
    for (let number = 1; ; number++) {
      const end = number === 1 ? `-${ending}` : `-${ending}-${number}`;
      const start = dnsLabel(login)
        .slice(0, Math.max(1, this.longest - end.length))
        .replace(/-+$/, "");
      const key = `${start}${end}`;
      const user = databaseUser(key);
      if (this.taken.has(user) || reservedRoleName(user) !== undefined) continue;
      this.taken.add(user);
      return key;
    }
  }
}

/** A DNS label that starts with a letter and is as much like a name as can be. */
export function dnsLabel(name: string): string {
  const label = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  const lettered = /^[a-z]/.test(label) ? label : `x-${label}`.replace(/-+$/, "");
  // What PostgreSQL and RDS keep for themselves, they keep with anything behind it.
  return /^(rds|pg-)/.test(lettered) ? `x-${lettered}` : lettered;
}

/** A namespace named after a database, which Kubernetes and AWS leave to others. */
export function namespaceOf(database: string): string {
  const label = dnsLabel(database).slice(0, 50).replace(/-+$/, "");
  return /^(kube-|amazon-|default$)/.test(label) ? `app-${label}` : label;
}
