import { z } from "zod";
import { accountId, dnsLabel } from "../fields";

/** Other accounts whose principals may be identities: `access.accounts`. */
export const accounts = z
  .record(
    dnsLabel.meta({ title: "account", description: "What the account is called here", doNotSuggest: true }),
    accountId.meta({ description: "Its id", examples: ["210987654321"] }),
  )
  .default({})
  .meta({
    description:
      "Accounts other than the environment's whose IAM roles and users may be named as principals, by what they are called",
    omitted: "none",
    examples: [{ ci: "210987654321" }],
  });
