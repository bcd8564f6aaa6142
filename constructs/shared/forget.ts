import { TerraformStack } from "cdktf";
import { Construct } from "constructs";

/** What each stack forgets. An override replaces a list that was set before, so that all of it is set each time. */
const forgotten = new WeakMap<TerraformStack, object[]>();

/**
 * Has Terraform forget a resource that was at this place: it stays where it is, and nobody here looks after it any more. Where
 * it is in no state, nothing happens.
 * @param id the construct's, which must not be there any more
 * @see https://developer.hashicorp.com/terraform/language/block/removed
 */
export function forget(scope: Construct, type: string, id: string): void {
  const stack = TerraformStack.of(scope);
  const { node } = new Construct(scope, id);
  const removed = [
    ...(forgotten.get(stack) ?? []),
    { from: `${type}.${stack.getLogicalId(node)}`, lifecycle: { destroy: false } },
  ];
  forgotten.set(stack, removed);
  stack.addOverride("removed", removed);
}
