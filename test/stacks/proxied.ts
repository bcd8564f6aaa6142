import { MINIMAL } from "../helpers/environment";

/** Services and people of every way to connect. */
export const IDENTITIES = `    orders-migrations:
      namespace: shop
      grants: { shop.orders: owner }
    reporting:
      namespace: shop
      endpoint: reader
      grants: { shop.orders: read-only }
    queue:
      namespace: shop
      proxy: false
      grants: { shop.orders: read-write }
    invoices:
      runsOn: lambda
      grants: { shop.billing: read-only }
  people:
    on-call:
      principals: ["arn:aws:iam::123456789012:role/OnCall"]
      grants: { shop.orders: read-only }
`;

/** An environment file with all of them, and this section for its database. */
export function withDatabase(database: string, rest = ""): string {
  return `${MINIMAL}${IDENTITIES}${rest}database: ${database}\n`;
}
