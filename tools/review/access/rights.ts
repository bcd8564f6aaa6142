import type { GrantPlan } from "../../../model/access/grants";
import type { IdentityPlan } from "../../../model/access/identity";
import type { AccessPlan } from "../../../model/access/plan";

/** A role of either side by what it is: a group by its level and schema, so that it stays the same under another name. */
export type RoleId = string;

/** PostgreSQL's word for everybody. */
export const PUBLIC: RoleId = "public";

/** One privilege on one kind of thing. */
export interface Right {
  /** Where: `shop`, or `shop.orders`. By what it is called now, also of the base. */
  readonly place: string;
  /** Kind of object, or {@link OWNERSHIP}. */
  readonly on: string;
  readonly privilege: string;
  /** On what this role creates later, and not on what is there. */
  readonly creator?: RoleId;
}

/** Of a schema: whoever has it may do anything with the schema and with what its owner creates. */
export const OWNERSHIP = "ownership";

/** Rights by their {@link rightId}. */
export type Rights = ReadonlyMap<string, Right>;

/** A grant of the plan, by what it is about and not by the names of its time; or the ownership of a schema. */
export interface GrantEntry extends Omit<Right, "privilege"> {
  readonly role: RoleId;
  readonly privileges: readonly string[];
  /** As the plan has it. */
  readonly grant?: GrantPlan;
}

/** What a database or schema of a side is called now. */
export type NowCalled = (database: string, schema?: string) => string;

/** What the later side's are called is what they are called now. */
export const written: NowCalled = (database, schema) =>
  schema === undefined ? database : `${database}.${schema}`;

/** One plan, as roles and what each of them may do by itself. */
export interface AccessSide {
  readonly plan: AccessPlan;
  readonly grants: ReadonlyMap<string, GrantEntry>;
  /** What each role has of its own, by place. */
  readonly rights: ReadonlyMap<RoleId, ReadonlyMap<string, Rights>>;
  /** Owners of schemas. */
  readonly owners: ReadonlyMap<string, RoleId>;
  /** Roles that hold one level of one schema, and that schema; or that may only connect to a database, and that. */
  readonly groups: ReadonlyMap<RoleId, string>;
  readonly roleId: (name: string) => RoleId;
  /** What a role is called on this side. */
  readonly nameOf: (role: RoleId) => string;
  /** Every role whose rights an identity has: its database users, and what these are members of, directly or not. */
  readonly rolesOf: (identity: IdentityPlan) => ReadonlySet<RoleId>;
}

/** Tells rights apart. */
export function rightId({ place, on, privilege, creator = "" }: Right): string {
  return [place, on, privilege, creator].join("\0");
}

/** Tells grants apart by what they are about. */
export function grantId({ role, place, on, creator = "" }: GrantEntry): string {
  return [role, place, on, creator].join("\0");
}
