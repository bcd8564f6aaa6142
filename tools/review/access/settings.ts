import type { IdentityPlan, ServiceIdentity } from "../../../model/access/identity";
import type { AccessPlan, AccountPlan, DatabasePlan } from "../../../model/access/plan";
import type { Finding } from "../finding";
import type { Named } from "./compare-fields";

/** Of a name that decides who or what all of it is about: whoever holds the new one gains it. */
export function changedTo<Field extends string>(field: Field, meaning: string) {
  type Part = { readonly [name in Field]?: string };
  return (before: Part, after: Part, { subject }: Named): Finding[] => {
    const now = after[field] ?? "the default";
    const text = `${subject}: ${meaning}: ${now}, and was ${before[field] ?? "the default"}`;
    return [{ kind: "trust-widened", subject, text }];
  };
}

/** Of how sessions of an identity begin. */
export function connectionFindings<Field extends string>(field: Field, meaning: string) {
  type Part = { readonly [name in Field]?: string };
  return (before: Part, after: Part, { subject }: Named): Finding[] => {
    const text = `${subject}: ${meaning} ${after[field]}, and was ${before[field]}`;
    return [{ kind: "connection-changed", subject, text }];
  };
}

/** Of the host that its sessions connect to; what it may do there is its grants' to say. */
export function endpointFindings(
  _: Pick<IdentityPlan, "endpoint">,
  after: Pick<IdentityPlan, "endpoint">,
  { subject }: Named,
): Finding[] {
  const now =
    after.endpoint === "reader"
      ? "the readers, which are some milliseconds behind the writer, and no longer to the writer"
      : "the writer, and no longer to the readers";
  return [{ kind: "connection-changed", subject, text: `${subject}: connects to ${now}` }];
}

/** Of who makes its ServiceAccount. Whoever makes it decides which IAM role its pods ask for; which may be taken stays. */
export function makerFindings(
  _: unknown,
  {
    serviceAccount,
    serviceAccountExists,
  }: Partial<Pick<ServiceIdentity, "serviceAccount" | "serviceAccountExists">>,
  { subject }: Named,
): Finding[] {
  const text = serviceAccountExists
    ? `${subject}: its ServiceAccount ${serviceAccount} is made elsewhere, where it needs the annotation that the access stack prints`
    : `${subject}: its ServiceAccount ${serviceAccount} is made here, which fails while it is there`;
  return [{ kind: "connection-changed", subject, text }];
}

/** Of whether it is the job that verifies; to which databases it may connect is said of its groups. */
export function verifiesFindings(
  _: unknown,
  { verifies }: Partial<Pick<ServiceIdentity, "verifies">>,
  { subject }: Named,
): Finding[] {
  return verifies
    ? [
        {
          kind: "access-gained",
          subject,
          text: `${subject}: is newly the job that verifies, and may put its metrics in CloudWatch`,
        },
      ]
    : [
        {
          kind: "access-lost",
          subject,
          text: `${subject}: is no longer the job that verifies, and may put no metrics in CloudWatch`,
        },
      ];
}

/** Of the permissions boundary of every identity's IAM role. */
export function boundaryFindings(before: AccessPlan, after: AccessPlan, { subject }: Named): Finding[] {
  const [old, now] = [before.permissionsBoundary, after.permissionsBoundary];
  if (old === undefined) {
    const text = `${subject}: the IAM role of every identity gets the permissions boundary ${now}`;
    return [{ kind: "boundary-set", subject, text }];
  }
  const change =
    now === undefined
      ? `loses its permissions boundary ${old}`
      : `gets the permissions boundary ${now} in place of ${old}`;
  return [
    { kind: "boundary-loosened", subject, text: `${subject}: the IAM role of every identity ${change}` },
  ];
}

/** Of a database that was there before; what Terraform takes over one by one is said of the stack's `import` blocks. */
export function adoptedFindings(_: DatabasePlan, { adopted }: DatabasePlan, { subject }: Named): Finding[] {
  const moved = adopted?.publicTo === undefined ? "" : `; what was in public is in ${adopted.publicTo}`;
  const text = adopted
    ? `${subject}: was there already, and Terraform takes it over${moved}`
    : `${subject}: Terraform has it, and takes it over no more`;
  return [{ kind: "resource-changed", subject, text }];
}

/** Of the EKS cluster whose pods take IAM roles by Pod Identity; which may, and newly or no longer, is said of the services. */
export function eksClusterFindings(
  { eksCluster: was }: AccessPlan,
  { eksCluster: is }: AccessPlan,
  { subject }: Named,
): Finding[] {
  if (was !== undefined && is !== undefined) {
    const text = `${subject}: pods of another EKS cluster take IAM roles by Pod Identity: ${is}, and no longer those of ${was}`;
    return [{ kind: "trust-widened", subject, text }];
  }
  const text = `${subject}: Pod Identity gives ${is === undefined ? "no pod an IAM role any more" : `pods of the EKS cluster ${is} their IAM roles`}`;
  return [{ kind: "connection-changed", subject, text }];
}

/** Of the other accounts whose principals the file may name; which it does is said of the identities. */
export function accountsFindings(
  { accounts: before = [] }: AccessPlan,
  { accounts: after = [] }: AccessPlan,
  { subject }: Named,
): Finding[] {
  const line = (kind: Finding["kind"], what: string): Finding => ({
    kind,
    subject,
    text: `${subject}: ${what}`,
  });
  const calls = ({ name, id }: AccountPlan) => `the account ${id}, which the file calls ${name},`;
  return [
    ...after.flatMap((account) => {
      const was = before.find(({ id }) => id === account.id);
      if (!was) return [line("trust-widened", `principals of ${calls(account)} may newly be identities`)];
      return was.name === account.name
        ? []
        : [
            line(
              "reason-changed",
              `the account ${account.id} is called ${account.name}, and was ${was.name}`,
            ),
          ];
    }),
    ...before
      .filter(({ id }) => !after.some((account) => account.id === id))
      .map((account) =>
        line("trust-narrowed", `principals of ${calls(account)} may no longer be identities`),
      ),
  ];
}
