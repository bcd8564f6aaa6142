import type { Level } from "../../postgresql/levels";
import type { AccessConfig, IdentitySection } from "../environment";

/** The sections of `access` that declare identities, and what one of each is called in messages. */
const SECTIONS: Readonly<Record<IdentitySection, Section>> = {
  services: { kind: "service", declared: ({ services }) => services },
  people: { kind: "group of people", declared: ({ people }) => people },
};

/** The names of those sections. */
export const IDENTITY_SECTIONS: readonly string[] = Object.keys(SECTIONS);

interface Section {
  readonly kind: string;
  readonly declared: (access: AccessConfig) => Readonly<Record<string, Pick<DeclaredIdentity, "grants">>>;
}

/** An identity as the environment file declares it. */
export interface DeclaredIdentity {
  /** Where, from the top of the file. */
  readonly path: readonly PropertyKey[];
  /** Its name. */
  readonly key: string;
  /** What it is, such as `service`. */
  readonly kind: string;
  readonly grants: Readonly<Record<string, Level>>;
}

/** Every identity of a file, whatever its section, in the order of the sections. */
export function declaredIdentities(access: AccessConfig): DeclaredIdentity[] {
  return Object.entries(SECTIONS).flatMap(([section, { kind, declared }]) =>
    Object.entries(declared(access)).map(([key, { grants }]) => ({
      path: ["access", section, key],
      key,
      kind,
      grants,
    })),
  );
}
