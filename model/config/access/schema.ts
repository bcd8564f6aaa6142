import { z } from "zod";
import { arn } from "../fields";
import { accounts } from "./accounts";
import { adopted } from "./adopted";
import { databases, renamed } from "./databases";
import { defaults } from "./defaults";
import { namespaces } from "./namespaces";
import { people } from "./people";
import { services } from "./services";

/** Who can do what: `access`. */
export const access = z
  .strictObject({
    permissionsBoundary: arn(
      "iam",
      /:\d{12}:policy\/[\w+=,.@/-]{1,512}/,
      "arn:aws:iam::123456789012:policy/boundary",
    )
      .optional()
      .meta({
        description: "IAM policy set as permissions boundary on every identity's role",
        omitted: "none",
        examples: ["arn:aws:iam::123456789012:policy/boundary"],
      }),
    accounts,
    defaults,
    databases,
    renamed,
    adopted,
    namespaces,
    services,
    people,
  })
  .meta({
    description: "Databases, and who can do what in which schema",
    examples: [
      { databases: { shop: ["orders"] } },
      {
        databases: { shop: ["billing", "orders"] },
        namespaces: { shop: {} },
        services: {
          "orders-api": {
            namespace: "shop",
            grants: { "shop.orders": "read-write", "shop.billing": "read-only" },
          },
          "orders-migrations": { namespace: "shop", grants: { "shop.orders": "owner" } },
        },
        people: {
          "on-call": {
            principals: ["arn:aws:iam::123456789012:role/OnCall"],
            grants: { "shop.orders": "read-only" },
          },
        },
      },
    ],
  });
