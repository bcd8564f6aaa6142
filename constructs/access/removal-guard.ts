import { DataResource, TerraformIterator, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { LET_GO, type Protected } from "../../model/access/protected";

/** Options for {@link RemovalGuard}. */
export interface RemovalGuardProps {
  /** What must not leave the configuration, unless under a new name that says what it was called. */
  readonly parts: readonly Protected[];
  /** What may leave it, and was one of those parts before. @default nothing */
  readonly letGo?: readonly string[];
  /** Refuse a plan that one of them has left. @default true */
  readonly protect?: boolean;
}

/**
 * Fails the plan that would remove something which is no longer in the configuration: taken out of the environment file,
 * or under another name there. `prevent_destroy` of the thing itself goes with its block; this block stays, and only
 * loses an instance. It is in Terraform's state alone, and nothing is connected to or touched before it speaks.
 *
 * Terraform cannot be told to forget one instance. What is let go so moves to a block beside it, which protects nothing.
 * @see https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#prevent_destroy
 */
export class RemovalGuard extends Construct {
  constructor(scope: Construct, id: string, { parts, letGo = [], protect = true }: RemovalGuardProps) {
    super(scope, id);
    const guard = new DataResource(this, "parts", {
      forEach: TerraformIterator.fromList(parts.map(({ name }) => name)),
      lifecycle: { preventDestroy: protect },
    });
    // The address is what people read in the error: terraform_data.protected["schema shop.orders"].
    guard.overrideLogicalId(id);
    const address = (block: string, name: string) => `terraform_data.${block}[${JSON.stringify(name)}]`;
    const moved = [
      ...parts.flatMap(({ name, renamedFrom }) =>
        renamedFrom === undefined ? [] : [{ from: address(id, renamedFrom), to: address(id, name) }],
      ),
      ...letGo.map((name) => ({ from: address(id, name), to: address("let-go", name) })),
    ];
    if (moved.length > 0) TerraformStack.of(this).addOverride("moved", moved);
    if (letGo.length === 0) return;
    const released = new DataResource(this, "let-go", {
      forEach: TerraformIterator.fromList([...letGo]),
      input: { why: LET_GO },
    });
    released.overrideLogicalId("let-go");
  }
}
