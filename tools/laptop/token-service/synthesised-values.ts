import { z } from "zod";
import { UserError } from "../../../lib/user-error";
import { WITH_SESSION_NAME } from "../../../model/aws/people-policies";

/** What Terraform would know and the synthesised stack does not. */
export interface RolePlace {
  readonly account: string;
  readonly partition: string;
  /** Values of the stack's locals by name, such as `database-resource-id`. */
  readonly locals: Readonly<Record<string, string>>;
  /** Roles of another stack that this one attaches policies to by their names. @default none */
  readonly elsewhere?: readonly { readonly name: string; readonly assume_role_policy: string }[];
}

/** Values of references by what is between `${` and `}`. */
export type Values = ReadonlyMap<string, string>;

/** The name of a role, which no expression of Terraform's is. */
export const roleName = z.string().regex(/^[\w+=,.@-]+$/, "must be a role's name");

/** ARN of a role without a path. */
export function roleArn({ partition, account }: RolePlace, name: string): string {
  return `arn:${partition}:iam::${account}:role/${name}`;
}

const named = z.record(z.string(), z.object({ name: z.string() })).default({});
const namespaces = z.record(z.string(), z.object({ metadata: z.object({ name: z.string() }) })).default({});
const namedParts = z.object({
  resource: z.object({ aws_iam_role: named, kubernetes_namespace_v1: namespaces }),
  data: z.object({ aws_iam_role: named }).optional(),
});

/** What references in a synthesised access stack stand for: values of locals, names and ARNs of roles, names of namespaces. */
export function knownValues(terraformJson: unknown, place: RolePlace): Values {
  const { data: stack, error } = namedParts.safeParse(terraformJson);
  if (!stack) throw notUnderstood(...z.prettifyError(error).split("\n"));
  const known = new Map(Object.entries(place.locals).map(([name, value]) => [`local.${name}`, value]));
  const { aws_iam_role: roles, kubernetes_namespace_v1: namespaceBlocks } = stack.resource;
  for (const [from, blocks] of [
    ["", roles],
    ["data.", stack.data?.aws_iam_role ?? {}],
  ] as const) {
    for (const [id, { name }] of Object.entries(blocks)) {
      known.set(`${from}aws_iam_role.${id}.name`, name);
      known.set(`${from}aws_iam_role.${id}.arn`, roleArn(place, name));
    }
  }
  for (const [id, { metadata }] of Object.entries(namespaceBlocks)) {
    known.set(`kubernetes_namespace_v1.${id}.metadata[0].name`, metadata.name);
  }
  return known;
}

/** What Terraform leaves to IAM; the one escape that is understood. */
const LEFT_TO_IAM = "*:$${sts:RoleSessionName}";

/**
 * A text with every `${…}` replaced; Terraform's other templates and escapes are not understood.
 * @throws UserError
 */
export function resolved(text: string, known: Values): string {
  if (text === LEFT_TO_IAM) return WITH_SESSION_NAME;
  if (/\$\$\{|%\{/.test(text)) throw notUnderstood(`a template in ${JSON.stringify(text)}`);
  return text.replace(/\$\{([^}]*)\}/g, (reference, expression: string) => {
    const value = known.get(expression);
    if (value === undefined) throw notUnderstood(`the reference ${reference} in ${JSON.stringify(text)}`);
    return value;
  });
}

export function notUnderstood(...what: readonly string[]): UserError {
  return new UserError([
    `The access stack is not one of this version, or tools/laptop/token-service must learn to read it (npm run synth writes it anew). Not understood:`,
    ...what,
  ]);
}
