import type { Level } from "../../model/postgresql/levels";

/** What is to be known of the environment file before it has an `access` section. */
export interface EnvironmentFacts {
  /** Everything else of the file as data, `name`, `account` and `region` among it; the proposal is checked beside it. */
  readonly file: Readonly<Record<string, unknown>>;
  /** Role that Terraform works as. @default ADMIN_USER */
  readonly adminUser?: string;
}

/** Choices that are whoever runs it to make. */
export interface ProposeOptions {
  /**
   * Logins that may have a password become identities under their own name all the same: from then on RDS asks them for a
   * token. @default false: the identity is a login beside the old one, which goes on with its password
   */
  readonly inPlace?: boolean;
}

/** A schema whose objects move to another one, by ALTER … SET SCHEMA. */
export interface SchemaMove {
  readonly database: string;
  readonly from: string;
  readonly to: string;
}

/** Something that the model cannot express, or not as it is. Texts are as they come: who prints them makes them safe. */
export interface Beyond {
  /** What it is about, such as `shop.orders` or `role reporting`. */
  readonly where: string;
  /** What is there, and what becomes of it, as a sentence. */
  readonly what: string;
  /** What to do about it, as a sentence. */
  readonly proposal: string;
}

/** A service as the environment file has it. */
export interface ProposedService {
  readonly namespace: string;
  readonly database?: string;
  readonly connectionLimit?: number;
  readonly statementTimeout?: string;
  readonly idleInTransactionSessionTimeout?: string;
  readonly searchPath?: readonly string[];
  readonly grants: Readonly<Record<string, Level>>;
}

/** The section `access` of the environment file. */
export interface ProposedAccess {
  readonly databases: Readonly<Record<string, readonly string[] | object>>;
  readonly namespaces: Readonly<Record<string, object>>;
  /** Databases that Terraform takes over, and the schema that what is in `public` of each moves to. */
  readonly adopted?: Readonly<Record<string, { readonly public?: string }>>;
  readonly services: Readonly<Record<string, ProposedService>>;
}

/** A comment on a key of the section. */
export interface KeyComment {
  /** From the top of the section, such as `["services", "orders-api"]`. */
  readonly path: readonly string[];
  readonly text: string;
}

/** Whether a login can log in with a password; on RDS nobody may know, so it must be taken for one that does. */
export type Password = "none" | "set" | "unknown";

/** What becomes of a login. */
export interface ProposedIdentity {
  /** The login that is there; null where a schema's tables had no login to migrate them. */
  readonly login: string | null;
  /** Key under access.services. */
  readonly key: string;
  /** Whether the identity's database user is the login itself, and not one beside it. */
  readonly inPlace: boolean;
  readonly password: Password;
}

/** What fits a live server best. */
export interface Proposal {
  /** Left out when there is nothing that the model could take. */
  readonly access?: ProposedAccess;
  readonly comments: readonly KeyComment[];
  readonly identities: readonly ProposedIdentity[];
  readonly schemaMoves: readonly SchemaMove[];
  readonly beyond: readonly Beyond[];
}
