/**
 * What people read of a key: in editors, in docs/environment-file.md and in error messages. Schemas carry it by `.meta()`.
 * What the schema says itself (its default, allowed values, ranges) is not repeated here.
 */
export interface KeyText {
  /** What it is: a noun phrase, without a full stop. */
  readonly description: string;
  /** What leaving it out means, where that is not a default the schema has. */
  readonly omitted: string;
  /** A sentence on what becomes of it when it is changed later, where that is not as one expects. */
  readonly later: string;
  /** Values as a file may have them. Messages show the first one, the reference the last. */
  readonly examples: readonly unknown[];
  /** It still applies when its section names something that exists. */
  readonly besideExisting: boolean;
  /** What each allowed value means, in their order. */
  readonly enumDescriptions: readonly string[];
  /** Inserted by editors for a key or an entry; `${1:…}` marks what to fill in. */
  readonly defaultSnippets: readonly {
    readonly label: string;
    readonly description: string;
    readonly body: unknown;
  }[];
  /** What editors call an entry of a map. */
  readonly title: string;
  /** Editors do not offer it as a name to fill in, since there are snippets. */
  readonly doNotSuggest: boolean;
}

declare module "zod" {
  interface GlobalMeta extends Partial<Omit<KeyText, "description" | "title">> {}
}
