import { endpointOf } from "../../model/access/connection";
import { type IdentityPlan, loginsOf } from "../../model/access/identity";
import type { PasswordlessPath } from "./passwordless-path";
import type { Login } from "./sign-in";
import { takeRole } from "./take-role";

/** What an identity, or the first of its members, logs in with: the credentials of its IAM role, taken now. */
export async function ownLogin(path: PasswordlessPath, identity: IdentityPlan): Promise<Login> {
  const [{ databaseUser: user, member }] = loginsOf(identity);
  return {
    credentials: await takeRole(path, identity, identity, { member }),
    user,
    database: identity.database,
    endpoint: endpointOf(identity, path.endpoints),
  };
}
