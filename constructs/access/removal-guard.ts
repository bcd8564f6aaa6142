import { DataResource, TerraformIterator, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import type { Protected } from "../../model/access/protected";

/** Options for {@link RemovalGuard}. */
export interface RemovalGuardProps {
  /** What must not leave the configuration, unless under a new name that says what it was called. */
  readonly parts: readonly Protected[];
  /** Refuse a plan that one of them has left. @default true */
  readonly protect?: boolean;
}

/**
 * Fails the plan that would remove something which is no longer in the configuration: taken out of the environment file,
 * or under another name there. `prevent_destroy` of the thing itself goes with its block; this block stays, and only
 * loses an instance. It is in Terraform's state alone, and nothing is connected to or touched before it speaks.
 * @see https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#prevent_destroy
 */
export class RemovalGuard extends Construct {
  constructor(scope: Construct, id: string, { parts, protect = true }: RemovalGuardProps) {
    super(scope, id);
    const guard = new DataResource(this, "parts", {
      forEach: TerraformIterator.fromList(parts.map(({ name }) => name)),
      lifecycle: { preventDestroy: protect },
    });
    // The address is what people read in the error: terraform_data.protected["schema shop.orders"].
    guard.overrideLogicalId(id);
    const address = (name: string) => `terraform_data.${id}[${JSON.stringify(name)}]`;
    const moved = parts.flatMap(({ name, renamedFrom }) =>
      renamedFrom === undefined ? [] : [{ from: address(renamedFrom), to: address(name) }],
    );
    if (moved.length > 0) TerraformStack.of(this).addOverride("moved", moved);
  }
}
