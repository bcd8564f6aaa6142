import { quote } from "../../../lib/nearest";
import type { Level } from "../../postgresql/levels";
import { databaseUser, memberUser } from "../../postgresql/names";
import type { AccessConfig, IdentitySection } from "../environment";
import type { Problem } from "../problem";

/** The sections of `access` that declare identities, and what one of each is called in messages. */
const SECTIONS: Readonly<Record<IdentitySection, Section>> = {
  services: { kind: "service", declared: ({ services }) => services },
  people: { kind: "group of people", declared: ({ people }) => people },
};

/** The names of those sections. */
export const IDENTITY_SECTIONS: readonly string[] = Object.keys(SECTIONS);

interface Section {
  readonly kind: string;
  readonly declared: (access: AccessConfig) => Readonly<
    Record<
      string,
      Pick<DeclaredIdentity, "endpoint" | "grants" | "role" | "searchPath" | "statementTimeout"> & {
        readonly members?: readonly string[];
      }
    >
  >;
}

/** An identity as the environment file declares it. */
export interface DeclaredIdentity {
  /** Where, from the top of the file. */
  readonly path: readonly PropertyKey[];
  /** Its name. */
  readonly key: string;
  /** What it is, such as `service`. */
  readonly kind: string;
  /** Host that it connects to. */
  readonly endpoint: "writer" | "reader";
  readonly grants: Readonly<Record<string, Level>>;
  /** Name of the IAM role that it has already. @default one is made */
  readonly role?: string | undefined;
  /** Schemas that names without one are looked up in, as it says for itself. @default access.defaults say it */
  readonly searchPath?: readonly string[] | undefined;
  /** How long its statements may run, likewise. @default access.defaults say it */
  readonly statementTimeout?: string | undefined;
  /** Its database users: one, or that of each member. */
  readonly databaseUsers: readonly DeclaredUser[];
}

/** A database user that a file declares. */
export interface DeclaredUser {
  readonly name: string;
  /** What in the file it is named after, for a problem: the identity's key, or the member. */
  readonly place: Pick<Problem, "path" | "onKey">;
  /** Whose it is, in messages: `the service "orders-api"`, `the member "anna@acme.com" of "on-call"`. */
  readonly whose: string;
}

/** Every identity of a file, whatever its section, in the order of the sections. */
export function declaredIdentities(access: AccessConfig): DeclaredIdentity[] {
  return Object.entries(SECTIONS).flatMap(([section, { kind, declared }]) =>
    Object.entries(declared(access)).map(
      ([key, { endpoint, grants, role, searchPath, statementTimeout, members }]): DeclaredIdentity => {
        const path = ["access", section, key];
        const own = {
          name: databaseUser(key),
          place: { path, onKey: true },
          whose: `the ${kind} ${quote(key)}`,
        };
        const ofMember = (member: string, index: number): DeclaredUser => ({
          name: memberUser(key, member),
          place: { path: [...path, "members", index] },
          whose: `the member ${quote(member)} of ${quote(key)}`,
        });
        return {
          path,
          key,
          kind,
          endpoint,
          grants,
          role,
          searchPath,
          statementTimeout,
          databaseUsers: members?.map(ofMember) ?? [own],
        };
      },
    ),
  );
}
