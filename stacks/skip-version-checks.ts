/**
 * Stops cdktf from running `terraform version` for what older ones do not know, such as terraform_data and import blocks.
 * Synthesis, the demonstration and reviews need no Terraform; which ones may apply a stack, its `required_version` says.
 * The class is private to cdktf: where a later version has moved it, Terraform must be there, and nothing else changes.
 */
export function skipVersionChecks(): void {
  try {
    const module: {
      ValidateTerraformVersion?: { prototype: { validate: () => string[] } };
    } = require("cdktf/lib/validations/validate-terraform-version");
    if (module.ValidateTerraformVersion) module.ValidateTerraformVersion.prototype.validate = () => [];
  } catch {
    // Not there: nothing to skip.
  }
}
