import { UserError } from "../../lib/user-error";
import type { Environment } from "../../model/config/environment";
import { parseEnvironment } from "../../model/config/parse";

/** The least an environment file needs. */
export const MINIMAL = `name: test
account: "123456789012"
region: eu-west-1
access:
  databases:
    shop: [billing, orders]
  services:
    orders-api:
      namespace: shop
      grants: { shop.orders: read-write }
`;

/** Parses an environment file's text; files it names do not exist. */
export function parse(text: string = MINIMAL, file = "test.yaml"): Environment {
  return parseEnvironment(text, file, (path) => {
    throw Object.assign(new Error(path), { code: "ENOENT" });
  });
}

/** The problems of a file, each `line:column: message`; empty when it has none. */
export function problemsOf(text: string): string[] {
  try {
    parse(text, "file");
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.messages.map((message) => message.replace(/^file:/, ""));
  }
}
