import { z } from "zod";
import type { PolicyDocument } from "../../../model/aws/policy-document";
import type { LocalRole } from "./local-iam";
import { permissionSchema, readPolicy, trustSchema } from "./policy-schema";
import {
  knownValues,
  notUnderstood,
  type RolePlace,
  resolved,
  roleArn,
  roleName,
  type Values,
} from "./synthesised-values";

/**
 * Arguments of a role that are read or change nothing about who may do what. A permissions boundary can only narrow
 * what the role's own policy allows, and its content is not in the stack: it is left out here.
 */
const roleBlock = z.strictObject({
  "//": z.unknown().optional(),
  name: roleName,
  assume_role_policy: z.string(),
  description: z.string().optional(),
  permissions_boundary: z.string().optional(),
  tags: z.unknown().optional(),
});

const policyBlock = z.strictObject({
  "//": z.unknown().optional(),
  name: z.string(),
  role: z.string(),
  policy: z.string(),
});

/** What instances get their role by. */
const profileBlock = z.strictObject({
  "//": z.unknown().optional(),
  name: z.string(),
  role: z.string(),
  tags: z.unknown().optional(),
});

/** A role of the account that something else makes. */
const existingBlock = z.strictObject({ "//": z.unknown().optional(), name: roleName });

const accessStack = z.object({
  resource: z.looseObject({
    aws_iam_role: z.record(z.string(), roleBlock).default({}),
    aws_iam_role_policy: z.record(z.string(), policyBlock).default({}),
    aws_iam_instance_profile: z.record(z.string(), profileBlock).default({}),
  }),
  data: z.object({ aws_iam_role: z.record(z.string(), existingBlock).default({}) }).optional(),
});

/**
 * The IAM roles of a synthesised access stack, so that what decides here is exactly what was synthesised. Those that it only
 * attaches policies to are among them, without a trust policy.
 * @param terraformJson content of `cdktf.out/stacks/<environment>-access/cdk.tf.json`
 * @throws UserError for anything about IAM in it that is not understood, and for a reference whose value is not given
 */
export function synthesisedRoles(terraformJson: unknown, place: RolePlace): LocalRole[] {
  const { data, error } = accessStack.safeParse(terraformJson);
  if (!data) throw notUnderstood(...z.prettifyError(error).split("\n"));
  const {
    aws_iam_role: roles,
    aws_iam_role_policy: policies,
    aws_iam_instance_profile: profiles,
    ...others
  } = data.resource;
  const unknown = Object.keys(others).filter((type) => type.startsWith("aws_iam_"));
  if (unknown.length > 0) throw notUnderstood(`resources of type ${unknown.join(", ")}`);

  const { aws_iam_role: existing = {} } = data.data ?? {};
  const known = knownValues(terraformJson, place);
  const trusted = new Map(
    [...Object.values(roles), ...(place.elsewhere ?? [])].map(({ name, assume_role_policy }) => [
      name,
      assume_role_policy,
    ]),
  );
  const names = new Set([...trusted.keys(), ...Object.values(existing).map(({ name }) => name)]);
  const attached = Object.values(policies).map(({ name, role, policy }) => {
    const owner = resolved(role, known);
    if (!names.has(owner)) throw notUnderstood(`policy ${name} of role ${owner}, which is elsewhere`);
    return { owner, document: parsed(`policy ${name} of role ${owner}`, policy, known, permissionSchema) };
  });
  const inProfiles = Object.values(profiles).map(({ role }) => resolved(role, known));
  return [...names].map((name) => {
    const trust = trusted.get(name);
    return {
      name,
      arn: roleArn(place, name),
      ...(trust !== undefined && {
        trust: parsed(`the trust policy of role ${name}`, trust, known, trustSchema),
      }),
      ...(inProfiles.includes(name) && { inInstanceProfile: true }),
      permissions: attached.filter(({ owner }) => owner === name).map(({ document }) => document),
    };
  });
}

function parsed(
  what: string,
  json: string,
  known: Values,
  schema: z.ZodType<PolicyDocument>,
): PolicyDocument {
  let value: unknown;
  try {
    // Of a key that comes twice JSON.parse keeps the last: a condition would be gone.
    if (JSON.stringify(JSON.parse(json)) !== json) throw notUnderstood(`${what}, as it is written`);
    // References are resolved in the parsed texts, keys included: no value can change the document's structure.
    value = JSON.parse(json, (_, item) => resolvedItem(item, known));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw notUnderstood(`${what}, which is not JSON`);
  }
  return readPolicy(schema, what, value);
}

function resolvedItem(item: unknown, known: Values): unknown {
  if (typeof item === "string") return resolved(item, known);
  if (typeof item !== "object" || item === null || Array.isArray(item)) return item;
  return Object.fromEntries(Object.entries(item).map(([key, value]) => [resolved(key, known), value]));
}
