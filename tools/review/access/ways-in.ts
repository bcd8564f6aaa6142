import type { IdentityPlan, ServiceIdentity } from "../../../model/access/identity";
import type { LimitChange } from "./limit-change";
import { listed } from "./words";

/** Whether its connections go through the RDS Proxy, and all of them. What it may do in the database is its grants' to say. */
export function proxyChange(before: IdentityPlan, after: IdentityPlan): LimitChange | undefined {
  const [was, is] = [connectsBy(before), connectsBy(after)];
  if (was === is) return undefined;
  return { kind: "connection-changed", text: () => `connections go ${is}; they went ${was}` };
}

/** Where its connections go. */
export function connectsBy({ through, readsDirectly }: IdentityPlan): string {
  if (through === undefined) return "to the database itself";
  return `through the RDS Proxy${readsDirectly ? ", but to the readers without it" : ""}`;
}

/** What each way to give pods an IAM role is called. */
const WAYS: Readonly<Record<NonNullable<ServiceIdentity["takesRoleBy"]>, readonly string[]>> = {
  both: ["IRSA", "Pod Identity"],
  "pod-identity": ["Pod Identity"],
};

/** The ways in which the pods of a service take its IAM role. */
export function waysOf({ takesRoleBy }: ServiceIdentity): readonly string[] {
  return takesRoleBy === undefined ? ["IRSA"] : WAYS[takesRoleBy];
}

/** How pods take the IAM role of a service on EKS. They are those of the same ServiceAccount, by another guarantee. */
export function roleTakingChange(before: IdentityPlan, after: IdentityPlan): LimitChange | undefined {
  if (before.kind !== "service" || after.kind !== "service") return undefined;
  const [was, is] = [waysOf(before), waysOf(after)];
  const gone = was.filter((way) => !is.includes(way));
  const isNew = is.some((way) => !was.includes(way));
  if (gone.length === 0 && !isNew) return undefined;
  const rest =
    gone.length === 0
      ? ""
      : `, and no longer by ${listed(gone)}: those that run by it get no new credentials until they are restarted`;
  return {
    kind: isNew ? "trust-widened" : "trust-narrowed",
    text: () => `pods may take the IAM role by ${listed(is)}${rest}`,
  };
}
