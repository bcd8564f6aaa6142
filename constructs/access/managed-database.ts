import { Database } from "@cdktf/provider-postgresql/lib/database";
import { DefaultPrivileges } from "@cdktf/provider-postgresql/lib/default-privileges";
import { Grant } from "@cdktf/provider-postgresql/lib/grant";
import { Role } from "@cdktf/provider-postgresql/lib/role";
import { Schema } from "@cdktf/provider-postgresql/lib/schema";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { DatabasePlan, GrantPlan, SchemaPlan } from "../../model/access/plan";

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
 * A database, its schemas, their group roles, and every grant in one chain: two grants on one catalog row at the
 * same time fail with "tuple concurrently updated". Databases do not wait for each other.
 *
 * Nothing here drops a table. A schema that holds objects cannot be dropped, and neither can an owner role while it
 * owns any; roles come after the database, so on the way down they stop the run before DROP DATABASE is reached.
 */
export class ManagedDatabase extends Construct {
  /** Group roles by name. */
  readonly groups: ReadonlyMap<string, Role>;
  private readonly database: Database;
  private readonly schemas = new Map<string, Schema>();
  /** Where the resources of a group role go, and the level they are named after there. */
  private readonly places = new Map<string, { readonly scope: Construct; readonly level: string }>();

  constructor(scope: Construct, id: string, props: ManagedDatabaseProps) {
    super(scope, id);
    const { plan, protect = true } = props;
    // Without an owner it is the admin's, who can then revoke what PUBLIC has.
    this.database = new Database(this, "database", {
      name: plan.name,
      template: "template0",
      encoding: "UTF8",
      lifecycle: { preventDestroy: protect },
      ...(props.dependsOn && { dependsOn: [...props.dependsOn] }),
    });
    // What has got its new name from the plan's SQL is there already: Terraform takes it over, and makes nothing.
    if (plan.renamedFrom !== undefined) this.database.importFrom(plan.name);
    const groups = new Map<string, Role>();
    this.groups = groups;
    for (const schema of plan.schemas) {
      const place = new Construct(this, `schema-${schema.name}`);
      for (const { level, role } of schema.groups) {
        const group = this.groupRole(place, level, role, protect && role === schema.owner);
        if (schema.renamedFrom) group.importFrom(role);
        groups.set(role, group);
        this.places.set(role, { scope: place, level });
      }
      if (schema.managed) this.schemas.set(schema.name, this.schema(place, schema, protect));
    }
    let previous: ITerraformDependable[] = [...this.schemas.values()];
    for (const grant of plan.grants) previous = [this.grant(grant, previous)];
  }

  private groupRole(scope: Construct, level: string, name: string, preventDestroy: boolean): Role {
    return new Role(scope, level, {
      name,
      login: false,
      // REASSIGN OWNED would hand the tables to the admin and let the role go: the drop has to fail instead.
      skipReassignOwned: true,
      dependsOn: [this.database],
      ...(preventDestroy && { lifecycle: { preventDestroy } }),
    });
  }

  private schema(scope: Construct, { name, owner }: SchemaPlan, preventDestroy: boolean): Schema {
    return new Schema(scope, "schema", {
      database: this.database.name,
      name,
      owner: this.reference(owner),
      lifecycle: { preventDestroy },
    });
  }

  private grant(plan: GrantPlan, dependsOn: ITerraformDependable[]): ITerraformDependable {
    const { scope, level } = this.places.get(plan.role) ?? { scope: this, level: "public" };
    const id = `${level}-on-${plan.objectType}`;
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

  /** A group role's name as a reference, which tells Terraform the order; PUBLIC is no role and stays as it is. */
  private reference(name: string): string {
    return this.groups.get(name)?.name ?? name;
  }
}
