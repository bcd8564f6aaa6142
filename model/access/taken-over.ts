import type { IdentityPlan } from "./identity";
import { type AccessPlan, type DatabasePlan, type SchemaPlan, thoseIn } from "./plan";

/**
 * Whether Terraform takes over something that is there, in place of making it: by an `import` block, which means nothing once
 * it is in the state. What has got a new name was there, and so was all of a database that is adopted.
 */
export const takenOver = {
  database: ({ renamedFrom, adopted }: DatabasePlan): boolean =>
    renamedFrom !== undefined || adopted !== undefined,
  groups: ({ adopted }: DatabasePlan, { renamedFrom }: SchemaPlan): boolean =>
    renamedFrom !== undefined || adopted !== undefined,
  /** Its schemas and extensions. Where only a schema's name is new, Terraform "creates" it, which changes nothing. */
  contents: ({ adopted }: DatabasePlan): boolean => adopted !== undefined,
  logins: ({ databases }: AccessPlan, identity: IdentityPlan): boolean =>
    databases.some((each) => each.adopted && thoseIn(each, [identity]).length > 0),
};
