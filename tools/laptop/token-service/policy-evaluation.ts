import { WITH_SESSION_NAME } from "../../../model/aws/people-policies";
import type { PolicyDocument } from "../../../model/aws/policy-document";
import {
  type Conditions,
  connectStatements,
  permissionSchema,
  trustSchema,
  understood,
} from "./policy-schema";

/** Condition keys of a request and their values, such as `aws:userid`. */
export type RequestContext = Readonly<Record<string, string>>;

/** Somebody who asks for a role. */
export interface TrustRequest {
  /** Such as `sts:AssumeRole`. */
  readonly action: string;
  /**
   * Who asks: by their ARNs the OIDC provider that vouches for a token, or a role or user of AWS, or by its name a service
   * of AWS, such as `lambda.amazonaws.com`.
   */
  readonly principal: { readonly type: "Federated" | "AWS" | "Service"; readonly name: string };
  readonly context: RequestContext;
}

/** Somebody who does something with a role. */
export interface PermissionRequest {
  /** Such as `rds-db:connect`. */
  readonly action: string;
  /** ARN of what it is done to. */
  readonly resource: string;
  readonly context: RequestContext;
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
        ([type, names]) => type === principal.type && includes(names, principal.name),
      ) &&
      met(statement.Condition, context),
  );
}

/**
 * True when policies allow an action on exactly this resource. One that is not understood might hold a Deny, and
 * takes the others with it.
 */
export function permits(
  documents: readonly PolicyDocument[],
  { action, resource, context }: PermissionRequest,
): boolean {
  const policies = documents.map((document) => understood(permissionSchema, document));
  return (
    policies.every((policy) => policy !== undefined) &&
    policies.some((policy) =>
      connectStatements(policy).some(
        (statement) =>
          includes(statement.Action, action) &&
          includes(statement.Resource, resource) &&
          met(statement.Condition, context),
      ),
    )
  );
}

/** One of the values that a policy asks for, or the only one. */
type Asked = string | readonly string[];

/** Whether what a request says of a key is what an operator asks for. */
type Operator = (said: string, asked: Asked, context: RequestContext) => boolean;

const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  Object.entries({
    StringEquals: (said, asked) => includes(asked, said),
    StringLike: (said, asked, context) =>
      [asked].flat().some((pattern) => {
        const end = ending(pattern, context);
        return end !== undefined && said.endsWith(end);
      }),
    // The pattern ends with the only sign that stands for others, behind the fifth colon: all before it must be the same.
    ArnLike: (said, asked) => [asked].flat().some((pattern) => said.startsWith(pattern.slice(0, -1))),
    DateLessThan: (said, asked) => Date.parse(said) < Date.parse(String(asked)),
    Bool: (said, asked) => said === asked,
    Null: () => true,
  } satisfies Record<keyof Conditions, Operator>),
);

/** True when a request meets every key of every operator. One that it does not have meets none. */
function met(conditions: Conditions = {}, context: RequestContext): boolean {
  return Object.entries<Readonly<Record<string, Asked>> | undefined>(conditions).every(([operator, keys]) =>
    Object.entries(keys ?? {}).every(([key, asked]) => {
      const said = Object.hasOwn(context, key) ? context[key] : undefined;
      return said !== undefined && OPERATORS.get(operator)?.(said, asked, context) === true;
    }),
  );
}

/** What a pattern asks a text to end with; undefined when it names what the request does not say. */
function ending(pattern: string, context: RequestContext): string | undefined {
  if (pattern !== WITH_SESSION_NAME) return pattern.slice("*".length);
  const name = Object.hasOwn(context, "sts:RoleSessionName") ? context["sts:RoleSessionName"] : undefined;
  return name === undefined ? undefined : `:${name}`;
}

function includes(allowed: Asked, value: string): boolean {
  return [allowed].flat().includes(value);
}
