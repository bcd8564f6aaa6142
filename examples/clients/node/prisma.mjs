// Prisma with IAM tokens, by its adapter for pg: npm install @prisma/client @prisma/adapter-pg pg @aws-sdk/rds-signer
// @aws-sdk/credential-providers; npm install --save-dev prisma; npx prisma generate
//
// Without engines (`engineType = "client"` in schema.prisma) Prisma's queries go through pg, in the pool of writer-pool.mjs, with
// what that one does.
//
// What it does not do: more than that pool. `prisma migrate` is a
// program of its own, which takes one URL: give it a token as the password there, URL-encoded, within its 15 minutes.
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "@prisma/client";
import { pool } from "./writer-pool.mjs";

export const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });

/** What a service would do with it. */
export async function whoAmI() {
  const [me] = await prisma.$queryRaw`SELECT session_user::text AS user, pg_backend_pid() AS session`;
  return me;
}
