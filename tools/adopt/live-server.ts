import type { LiveCatalog, LiveDatabase, LiveRole } from "../catalog/live-catalog";

/** A role of the cluster, and what adopting needs to know of it besides. */
export interface AdoptedRole extends LiveRole {
  /** Day and time at which its password ends (VALID UNTIL), as PostgreSQL shows it; null for never. */
  readonly passwordUntil: string | null;
}

/** An object of a rarer kind than `LiveObjects` speaks of: a collation, an operator, statistics, a publication. */
export interface LiveOther {
  /** Kind, as pg_identify_object names it: `collation`, `publication`. */
  readonly type: string;
  /** Null for what is in no schema. */
  readonly schema: string | null;
  /** Whole name as SQL takes it after the kind, with its schema; `"<method>"` is part of an operator class's. */
  readonly identity: string;
  readonly owner: string;
  /** Made by an extension, which decides on it. */
  readonly extension: boolean;
}

/** A routine whose text or settings name a schema, where they would still look after the schema has another name. */
export interface SchemaMention {
  /** Schema the routine is in. */
  readonly schema: string;
  /** Its signature as SQL takes it, without the schema. */
  readonly routine: string;
  /** Schema that is named. */
  readonly names: string;
  /** Where: in its text, or in a `SET search_path` of its own. */
  readonly by: "text" | "search_path";
}

/** Large objects of one owner: they are in no schema. */
export interface LargeObjects {
  readonly owner: string;
  readonly count: number;
}

/** A database, and everything in it that matters to who may do what. */
export interface AdoptedDatabase extends Omit<LiveDatabase, "dropOwnedGuarded"> {
  /** ALTER DATABASE … SET, for everybody in it. */
  readonly settings: readonly string[];
  /** Whether whoever read may connect; what is inside is empty otherwise. */
  readonly connectable: boolean;
  readonly others: readonly LiveOther[];
  readonly mentions: readonly SchemaMention[];
  readonly largeObjects: readonly LargeObjects[];
}

/** A live server, as far as access goes: what `npm run adopt` works from. */
export interface LiveServer extends Pick<LiveCatalog, "serverVersion" | "user" | "memberships" | "sessions"> {
  /** Such as 170005. */
  readonly version: number;
  readonly roles: readonly AdoptedRole[];
  /** All but templates and RDS's own, sorted by name. */
  readonly databases: readonly AdoptedDatabase[];
}
