import { TerraformProvider, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { LOCK_FILE, lockOf } from "../../lib/provider-lock";
import { writeBesideStack } from "./stack-file";

/** Options for {@link ProviderLock}. */
export interface ProviderLockProps {
  /** A lock file's content, with the builds of the providers of all stacks. */
  readonly lock: string;
}

/**
 * Puts the locked builds of its stack's providers where `terraform init` looks for them. Without, each machine trusts
 * what it is given first: cdktf runs Terraform in folders that are in no repository.
 * @see https://developer.hashicorp.com/terraform/language/files/dependency-lock
 */
export class ProviderLock extends Construct {
  constructor(scope: Construct, id: string, { lock }: ProviderLockProps) {
    super(scope, id);
    const providers = () =>
      TerraformStack.of(this).node.findAll().filter(TerraformProvider.isTerraformProvider);
    const sources = () => providers().map(({ terraformProviderSource = "" }) => terraformProviderSource);
    writeBesideStack(this, LOCK_FILE, () => lockOf(lock, sources()));
  }
}
