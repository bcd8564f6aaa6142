import type { PolicyDocument } from "../../../model/aws/policy-document";
import { type Conditions, permissionSchema, trustSchema, understood } from "./policy-schema";

/** Somebody who asks for a role. */
export interface TrustRequest {
  /** Such as `sts:AssumeRole`. */
  readonly action: string;
  /** Who asks: the OIDC provider that vouches for a token, or a role or user of AWS. */
  readonly principal: { readonly type: "Federated" | "AWS"; readonly arn: string };
  /** Condition keys of the request and their values. */
  readonly context: Readonly<Record<string, string>>;
}

/**
 * True when a trust policy lets somebody take its role. One with anything that is not understood lets nobody.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function trusts(document: PolicyDocument, { action, principal, context }: TrustRequest): boolean {
  const policy = understood(trustSchema, document);
  if (!policy) return false;
  return policy.Statement.some(
    (statement) =>
      includes(statement.Action, action) &&
      Object.entries(statement.Principal).some(
        ([type, arns]) => type === principal.type && includes(arns, principal.arn),
      ) &&
      met(statement.Condition, context),
  );
}

/** True when a request meets every condition. A key that it does not have meets none. */
function met({ StringEquals, Bool, Null }: Conditions = {}, context: TrustRequest["context"]): boolean {
  const all = (keys: object = {}, test: (key: string) => boolean) =>
    Object.keys(keys).every((key) => Object.hasOwn(context, key) && test(key));
  return (
    all(StringEquals, (key) => includes(StringEquals?.[key] ?? [], context[key])) &&
    all(Bool, (key) => context[key] === "true") &&
    all(Null, () => true)
  );
}

/**
 * True when policies allow an action on exactly this resource. One that is not understood might hold a Deny, and
 * takes the others with it.
 */
export function permits(documents: readonly PolicyDocument[], action: string, resource: string): boolean {
  const policies = documents.map((document) => understood(permissionSchema, document));
  return (
    policies.every((policy) => policy !== undefined) &&
    policies.some((policy) =>
      policy.Statement.some(
        (statement) => includes(statement.Action, action) && includes(statement.Resource, resource),
      ),
    )
  );
}

function includes(allowed: string | readonly string[], value: string | undefined): boolean {
  return value !== undefined && [allowed].flat().includes(value);
}
