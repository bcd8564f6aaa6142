/** What an identity, a group role or a policy is said to be on the path: what the fact is called, and the fact. */
export type Fact = readonly [name: string, value: string];

/** A stop on the path from whoever asks to the objects in the database. */
export interface Step {
  readonly title: string;
  readonly facts: readonly Fact[];
}

/** A change of a row or column against the base. */
export type Change = "added" | "removed" | "changed" | "renamed" | "";

/** A group role: what it may do with what is there, and with what is to come. */
export interface GroupData {
  readonly role: string;
  readonly now: readonly Fact[];
  readonly toCome: readonly Fact[];
}

/** The group roles of a schema, by level. */
export type Groups = Readonly<Record<string, GroupData>>;

/** A column of the matrix. */
export interface SchemaData {
  readonly database: string;
  readonly schema: string;
  readonly change: Change;
  /** Its name on the base, `<database>.<schema>`, where that was another. */
  readonly was?: string;
  /** On the base; left out where they are as they are now. */
  readonly before?: Groups;
  readonly after?: Groups;
}

/** What an identity has in one schema: the column's place, and the levels before and after by their place, -1 for none. */
export type Cell = readonly [schema: number, before: number, after: number];

/** A row of the matrix. */
export interface IdentityData {
  readonly key: string;
  /** What it is: `service`, `group of people`. */
  readonly kind: string;
  readonly namespace?: string;
  readonly change: Change;
  /** Only where there is access, before or after. */
  readonly cells: readonly Cell[];
  /** The path up to the group roles on the base; left out where it is as it is now. */
  readonly before?: readonly Step[];
  readonly after?: readonly Step[];
}

/** An environment's access, before and after: what the page's script shows. */
export interface EnvironmentData {
  readonly name: string;
  /** Whose access it is, where only one side has any that could be read: then nothing is a change. @default both sides' */
  readonly alone?: string;
  /** From little to much, with what each means. */
  readonly levels: readonly { readonly name: string; readonly about: string }[];
  readonly schemas: readonly SchemaData[];
  readonly identities: readonly IdentityData[];
}
