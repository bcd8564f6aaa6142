import { z } from "zod";
import { dnsLabel } from "../fields";

/** The ServiceAccount of a service: one that the access stack makes, or one that something else makes. */
export const serviceAccount = z
  .union(
    [
      dnsLabel.meta({ title: "made here" }),
      z
        .strictObject({
          existing: dnsLabel.meta({
            description:
              "Name of a ServiceAccount that something else makes, such as a Helm chart, and that is to carry the annotation which the access stack prints",
            examples: ["orders-api"],
          }),
        })
        .meta({ title: "made elsewhere", description: "A ServiceAccount that something else makes" }),
    ],
    {
      error: ({ input }) =>
        typeof input === "string"
          ? "must be a DNS label: lower-case letters, digits and hyphens, at most 63, starting and ending with a letter or digit"
          : "must be the name of a ServiceAccount, or { existing: name }",
    },
  )
  .optional()
  .meta({
    description:
      "ServiceAccount the service runs as: its name, or { existing: name } of one that is not made here",
    omitted: "the service's name",
    examples: ["orders-api", { existing: "orders-api" }],
  });

/** The name of a service's ServiceAccount, and whether something else makes it. */
export function serviceAccountOf(
  key: string,
  { serviceAccount: said = key }: { readonly serviceAccount?: z.output<typeof serviceAccount> },
): { readonly name: string; readonly existing: boolean } {
  return typeof said === "string" ? { name: said, existing: false } : { name: said.existing, existing: true };
}

/** Name of the ConfigMap that says how a service connects. */
export function connectionConfigMap(key: string): string {
  return `${key}-database`;
}
