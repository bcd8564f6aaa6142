import type { SchemaObject } from "../../model/postgresql/levels";

/** A privilege that a role has on an object, as an access control list says it; the owner's own are left out. */
export interface LiveGrant {
  /** Role, or `public` for PUBLIC: no role may be called that. */
  readonly grantee: string;
  readonly privilege: string;
  /** Whether the grantee may pass it on (WITH GRANT OPTION). */
  readonly grantable: boolean;
}

/** A setting of a role (ALTER ROLE … SET). */
export interface LiveSetting {
  /** Database it is for; null for every one. */
  readonly database: string | null;
  /** `name=value`. */
  readonly setting: string;
  /** Only superusers may set or reset it. @default false */
  readonly superuser?: boolean;
}

/** A role of the cluster. */
export interface LiveRole {
  readonly name: string;
  /** Made by initdb or by RDS (pg_*, rds*). */
  readonly system: boolean;
  /** What it is or may do, as CREATE ROLE spells it, sorted. */
  readonly attributes: readonly string[];
  /** Connections that it may have at once; -1 is any number. */
  readonly connectionLimit: number;
  readonly settings: readonly LiveSetting[];
  /** Null when the connected role may not know. */
  readonly hasPassword: boolean | null;
}

/** One grant of a role to a member. From PostgreSQL 16 on there may be several, each by another grantor. */
export interface LiveMembership {
  readonly role: string;
  readonly member: string;
  /** Who granted it; null when a GRANT or REVOKE need not or cannot say so (up to 15). */
  readonly grantor: string | null;
  readonly admin: boolean;
  readonly inherit: boolean;
  readonly set: boolean;
}

/** The open sessions of one login. */
export interface LiveSessions {
  /** Null when the role has been dropped; its sessions outlive it. */
  readonly role: string | null;
  readonly oid: number;
  readonly pids: readonly number[];
}

/** The sessions of one login that hold locks which deployments wait for. */
export interface LiveLocks {
  readonly role: string;
  /** Database that the locks are in; each has its own. */
  readonly database: string;
  readonly pids: readonly number[];
}

/** Something a role of the plan, or rds_iam, owns or has privileges on, where the plan gives it none. */
export interface LiveBelonging {
  /** Or `public`: everybody has privileges on it, beyond what PostgreSQL and extensions give. */
  readonly role: string;
  /** Whether it owns the object, rather than having privileges on it. */
  readonly owns: boolean;
  /** Database the object is in; null for one of the whole cluster. */
  readonly database: string | null;
  /** Kind of object, as pg_identify_object names it; null for objects of another database, which are just counted. */
  readonly type: string | null;
  readonly schema: string | null;
  /** Name as SQL takes it. */
  readonly identity: string | null;
  readonly count: number;
  /** Whose the object is; null when it is the first superuser's, of whom PostgreSQL keeps no such list, or nobody's. */
  readonly owner: string | null;
}

/** A schema that PostgreSQL does not keep for itself. */
export interface LiveSchema {
  readonly name: string;
  readonly owner: string;
  /** Whether PUBLIC may use it, be it by an extension's grant. */
  readonly open: boolean;
  readonly grants: readonly LiveGrant[];
}

/** Kinds of objects in a schema. */
export type LiveObjectKind =
  | "table"
  | "view"
  | "materialized view"
  | "foreign table"
  | "sequence"
  | "column"
  | "routine"
  | "SECURITY DEFINER routine"
  | "type";

/** Objects of one kind in one schema that have the same owner and the same privileges: mostly all of them. */
export interface LiveObjects {
  readonly schema: string;
  readonly kind: LiveObjectKind;
  /** Table of the columns, as SQL takes it; null for anything else. */
  readonly relation: string | null;
  /** What decides on the owner in their place: the extension that made them, or the table of a serial's sequence. */
  readonly partOf: "extension" | "table" | null;
  readonly owner: string;
  /** Of columns only their own; of types none, since USAGE on one lets nobody do anything. */
  readonly grants: readonly LiveGrant[];
  /** Names as SQL takes them, without the schema; sorted. */
  readonly names: readonly string[];
}

/** What levels call a kind of object; types are everybody's, and what is granted on a column is granted on part of a table. */
const OBJECT_OF: Readonly<Record<Exclude<LiveObjectKind, "column" | "type">, SchemaObject>> = {
  table: "table",
  view: "table",
  "materialized view": "table",
  "foreign table": "table",
  sequence: "sequence",
  routine: "function",
  "SECURITY DEFINER routine": "function",
};

/** What levels call an object; undefined for what they do not speak of. */
export function levelKind({ kind }: LiveObjects): SchemaObject | undefined {
  return kind === "column" || kind === "type" ? undefined : OBJECT_OF[kind];
}

/** What objects that a role creates will be granted. */
export interface LiveDefaultPrivileges {
  readonly creator: string;
  /** Null for every schema. */
  readonly schema: string | null;
  /** TABLES, SEQUENCES, FUNCTIONS, TYPES, SCHEMAS or LARGE OBJECTS. */
  readonly objectType: string;
  /** For every schema, also what PostgreSQL gives anyway. */
  readonly grants: readonly LiveGrant[];
}

/** A row-level policy. */
export interface LivePolicy {
  /** As SQL takes it. */
  readonly name: string;
  /** Those it names; none when it is for PUBLIC. */
  readonly roles: readonly string[];
  /** Whether it lets rows through, rather than holding them back. */
  readonly permissive: boolean;
  /** Its conditions as SQL, for rows that are there and for new ones; null where it has none. */
  readonly using: string | null;
  readonly check: string | null;
}

/** A table with row-level security. */
export interface LiveProtectedTable {
  readonly schema: string;
  /** As SQL takes it, without the schema. */
  readonly name: string;
  readonly owner: string;
  readonly policies: readonly LivePolicy[];
}

/** An extension of a database. */
export interface LiveExtension {
  readonly name: string;
  readonly schema: string;
  readonly owner: string;
  /** Whether ALTER EXTENSION may put it into another one. */
  readonly relocatable: boolean;
}

/** A database of the plan. */
export interface LiveDatabase {
  readonly name: string;
  readonly owner: string;
  readonly grants: readonly LiveGrant[];
  readonly schemas: readonly LiveSchema[];
  readonly extensions: readonly LiveExtension[];
  readonly objects: readonly LiveObjects[];
  readonly defaultPrivileges: readonly LiveDefaultPrivileges[];
  readonly protectedTables: readonly LiveProtectedTable[];
  /** Whether an event trigger decides who may run DROP OWNED (docs/access-model.md has one). */
  readonly dropOwnedGuarded: boolean;
}

/** What a server's catalogs say about access, read at one moment per database. */
export interface LiveCatalog {
  /** Version as the server shows it, such as 17.5. */
  readonly serverVersion: string;
  /** Whether RDS refuses connections without TLS (rds.force_ssl), as the server shows it; null where it is not RDS. */
  readonly forceSsl: string | null;
  /** Extensions that the admin may create (rds.allowed_extensions), as the server shows it; null where it is not RDS. */
  readonly allowedExtensions: string | null;
  /** Role that read it. */
  readonly user: string;
  readonly roles: readonly LiveRole[];
  readonly memberships: readonly LiveMembership[];
  readonly sessions: readonly LiveSessions[];
  readonly locks: readonly LiveLocks[];
  /** Belongings of the plan's roles that none of the lists below speaks of. */
  readonly belongings: readonly LiveBelonging[];
  /** Those of the plan that exist. */
  readonly databases: readonly LiveDatabase[];
}
