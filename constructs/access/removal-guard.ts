import { DataResource, TerraformIterator } from "cdktf";
import { Construct } from "constructs";

/** Options for {@link RemovalGuard}. */
export interface RemovalGuardProps {
  /** What must not leave the configuration, in words that an error can show: `schema shop.orders`. */
  readonly names: readonly string[];
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
  constructor(scope: Construct, id: string, { names, protect = true }: RemovalGuardProps) {
    super(scope, id);
    const guard = new DataResource(this, "names", {
      forEach: TerraformIterator.fromList([...names]),
      lifecycle: { preventDestroy: protect },
    });
    // The address is what people read in the error: terraform_data.protected["schema shop.orders"].
    guard.overrideLogicalId(id);
  }
}
