import { Database } from "@cdktf/provider-postgresql/lib/database";
import { DefaultPrivileges } from "@cdktf/provider-postgresql/lib/default-privileges";
import { Extension } from "@cdktf/provider-postgresql/lib/extension";
import { Grant } from "@cdktf/provider-postgresql/lib/grant";
import { Role } from "@cdktf/provider-postgresql/lib/role";
import { Schema } from "@cdktf/provider-postgresql/lib/schema";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { GrantPlan } from "../../model/access/grants";
import type { DatabasePlan, SchemaPlan } from "../../model/access/plan";
import { takenOver } from "../../model/access/taken-over";
import { PUBLIC_SCHEMA } from "../../model/postgresql/names";
import { forget } from "../shared/forget";

/** Options for {@link ManagedDatabase}. */
export interface ManagedDatabaseProps {
  /** The database, its schemas and its grants. */
  readonly plan: DatabasePlan;
  /** Refuse to destroy the database, its schemas and their owners. @default true */
  readonly protect?: boolean;
  /** What must exist before the admin can connect; everything else here follows the database. @default nothing */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/**
 * A database, its schemas, their group roles, and every grant. Two grants on one catalog row at the same time fail with
 * "tuple concurrently updated", so those on the database are a chain, and so are those in each schema. Chains do not wait
 * for each other: a plan looks at them in the same order, and through a tunnel each look takes its time.
 *
 * Nothing here drops a table. A schema that holds objects cannot be dropped, and on the way down schemas come before their
 * database. Roles go last: that PUBLIC may not execute what an owner creates is kept in the database under the owner's
 * name, Terraform cannot take it back, and until the database is gone DROP ROLE fails.
 */
export class ManagedDatabase extends Construct {
  /** Group roles by name. */
  readonly groups: ReadonlyMap<string, Role>;
  private readonly database: Database;
  private readonly schemas = new Map<string, Schema>();
  /** Where the resources of a group role go, and the level they are named after there. */
  private readonly places = new Map<
    string,
    { readonly scope: Construct; readonly level: string; readonly schema?: string }
  >();

  constructor(scope: Construct, id: string, props: ManagedDatabaseProps) {
    super(scope, id);
    const { plan, protect = true } = props;
    const groups = new Map<string, Role>();
    this.groups = groups;
    for (const planned of plan.schemas) {
      const { name, renamedFrom, groups: levels, owner } = planned;
      const place = new Construct(this, `schema-${name}`);
      for (const { level, role } of levels) {
        const preventDestroy = protect && role === owner;
        const group = new Role(place, level, {
          name: role,
          login: false,
          // REASSIGN OWNED would hand the tables to the admin and let the role go: the drop has to fail instead.
          skipReassignOwned: true,
          ...(props.dependsOn && { dependsOn: [...props.dependsOn] }),
          ...(preventDestroy && { lifecycle: { preventDestroy } }),
        });
        if (takenOver.groups(plan, planned)) group.importFrom(role);
        groups.set(role, group);
        this.places.set(role, { scope: place, level, schema: name });
      }
      if (renamedFrom && renamedFrom.schema !== name) this.forgetDefaults(renamedFrom.schema);
    }
    if (plan.connectGroup !== undefined) {
      const level = "connect";
      const group = new Role(this, level, {
        name: plan.connectGroup,
        login: false,
        skipReassignOwned: true,
        ...(props.dependsOn && { dependsOn: [...props.dependsOn] }),
      });
      if (takenOver.database(plan)) group.importFrom(plan.connectGroup);
      groups.set(plan.connectGroup, group);
      this.places.set(plan.connectGroup, { scope: this, level });
    }
    for (const { owner, ownerReads } of plan.schemas) {
      // A group is in others only after all of them are there.
      const group = ownerReads && groups.get(owner);
      if (group) group.roles = ownerReads.map((role) => this.reference(role));
    }
    // Without an owner it is the admin's, who can then revoke what PUBLIC has.
    this.database = new Database(this, "database", {
      name: plan.name,
      template: "template0",
      encoding: "UTF8",
      lifecycle: { preventDestroy: protect },
      dependsOn: [...groups.values()],
    });
    // What is there already, Terraform takes over, and makes nothing.
    if (takenOver.database(plan)) this.database.importFrom(plan.name);
    for (const schema of plan.schemas) {
      if (!schema.managed) continue;
      const made = this.schema(schema, protect);
      if (takenOver.contents(plan)) made.importFrom(`${plan.name}.${schema.name}`);
      this.schemas.set(schema.name, made);
    }
    this.addExtensions(plan, protect);
    const last = new Map<string, ITerraformDependable>();
    for (const grant of plan.grants.filter((each) => !onExistingFunctions(each))) {
      const chain = chainOf(grant, plan);
      const previous = last.get(chain);
      last.set(chain, this.grant(grant, previous ? [previous] : [...this.schemas.values()]));
    }
  }

  /** One after the other: each comes after those that it needs, and goes before them. */
  private addExtensions(plan: DatabasePlan, preventDestroy: boolean): void {
    let previous: Extension | undefined;
    for (const { name, schema } of plan.extensions ?? []) {
      const inPublic = schema === PUBLIC_SCHEMA;
      previous = new Extension(this, `extension-${name}`, {
        name,
        database: this.database.name,
        // Where its control file says it, nobody else may.
        ...(inPublic && { schema }),
        ...(previous && { dependsOn: [previous] }),
        // One that was there before, in another schema, stays where queries find it; npm run verify says so.
        lifecycle: { preventDestroy, ...(inPublic && { ignoreChanges: ["schema"] }) },
      });
      if (takenOver.contents(plan)) previous.importFrom(`${plan.name}.${name}`);
    }
  }

  /**
   * Default privileges in every schema are the one thing that Terraform still finds under a schema's old name: an owner that
   * is not there has none, as planned. It would take them away from that owner, and fail.
   */
  private forgetDefaults(schema: string): void {
    const place = new Construct(this, `schema-${schema}`);
    forget(place, "postgresql_default_privileges", "public-on-function-default");
  }

  private schema({ name, owner }: SchemaPlan, preventDestroy: boolean): Schema {
    const { scope } = this.place(owner);
    return new Schema(scope, "schema", {
      database: this.database.name,
      name,
      owner: this.reference(owner),
      lifecycle: { preventDestroy },
    });
  }

  private grant(plan: GrantPlan, dependsOn: ITerraformDependable[]): ITerraformDependable {
    const { scope, level, schema } = this.place(plan.role, plan.createdBy);
    // Beside its own schema a group has something on `public` alone, where extensions are.
    const elsewhere = schema !== undefined && plan.schema !== undefined && plan.schema !== schema;
    const id = `${level}-on-${elsewhere ? plan.schema : plan.objectType}`;
    const common = {
      database: this.database.name,
      role: this.reference(plan.role),
      objectType: plan.objectType,
      privileges: [...plan.privileges],
      ...(plan.schema !== undefined && { schema: this.schemas.get(plan.schema)?.name ?? plan.schema }),
      dependsOn,
    };
    return plan.createdBy === undefined
      ? new Grant(scope, id, common)
      : new DefaultPrivileges(scope, `${id}-default`, { ...common, owner: this.reference(plan.createdBy) });
  }

  /** Where the grants of a role go; those of PUBLIC are with the group that creates what they are on. */
  private place(role: string, createdBy?: string) {
    const creator = createdBy === undefined ? undefined : this.places.get(createdBy);
    return this.places.get(role) ?? { scope: creator?.scope ?? this, level: "public" };
  }

  /** A group role's name as a reference, which tells Terraform the order; PUBLIC is no role and stays as it is. */
  private reference(name: string): string {
    return this.groups.get(name)?.name ?? name;
  }
}

/**
 * Grants on functions that are there already are for SQL alone. ALL ROUTINES IN SCHEMA fails at the first that the admin has
 * nothing on, such as dblink_connect_u, and those of extensions, which are RDS's, would show as drift for ever. When
 * Terraform makes a schema, there is nothing in it.
 */
function onExistingFunctions({ objectType, createdBy }: GrantPlan): boolean {
  return objectType === "function" && createdBy === undefined;
}

/**
 * The schema whose grants this one waits for; on the database itself none. Where an owner group is in others, all are one
 * chain: the provider locks a role and then its members, and two that do so from both ends are a deadlock.
 */
function chainOf({ schema, createdBy }: GrantPlan, { schemas }: DatabasePlan): string {
  if (schemas.some(({ ownerReads }) => ownerReads)) return "";
  return schema ?? schemas.find(({ owner }) => owner === createdBy)?.name ?? "";
}
