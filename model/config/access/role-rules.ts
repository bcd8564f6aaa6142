import { quote } from "../../../lib/nearest";
import { iamRoleName } from "../../aws/names";
import { isReservedInSsm } from "../../aws/parameters";
import type { Problem } from "../problem";
import type { EnvironmentFile } from "../schema";
import { layerRoles } from "../shared-names";
import { declaredIdentities } from "./identities";
import { servicesOutsideEks } from "./place";

/** IAM roles of others that cannot be allowed to connect, or with which more would be allowed than the file says. */
export function roleProblems(file: EnvironmentFile): Problem[] {
  const users = new Map<string, string>();
  return servicesOutsideEks(file.access.services).flatMap(({ key, place }): Problem[] => {
    if (place.kind !== "role") return [];
    const path = ["access", "services", key, "role"];
    const reason = notToTouch(place.role) ?? madeHere(file, place.role);
    if (reason !== undefined) return [{ path, message: `${reason}, got: ${quote(place.role)}` }];
    const other = users.get(place.role.toLowerCase());
    users.set(place.role.toLowerCase(), key);
    if (other === undefined) return [];
    const message = `${quote(place.role)} is the role of ${quote(other)} as well: whoever has it may log in as either; give each a role of its own if that is not meant`;
    return [{ path, message, warning: "role-of-several" }];
  });
}

/**
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
 * @see https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetsconcept.html
 */
function notToTouch(role: string): string | undefined {
  if (/^AWSServiceRoleFor/i.test(role))
    return "nobody but AWS may change a service-linked role; name a role of your own";
  if (/^AWSReservedSSO_/i.test(role))
    return "nobody but IAM Identity Center may change the roles of permission sets; put who has it under access.people";
  return undefined;
}

/**
 * What is made here is in lower case, and IAM has no two roles that differ in case alone.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
 */
function madeHere(file: EnvironmentFile, name: string): string | undefined {
  const role = name.toLowerCase();
  const own = declaredIdentities(file.access).find(({ key }) => role === iamRoleName(file.name, key));
  if (own)
    return `this is the IAM role that the ${own.kind} ${quote(own.key)} has by its name; name a role that is not made here`;
  return layerRoles(file).includes(role)
    ? "this is an IAM role that the environment makes for itself, and whatever runs with it could log in; name another"
    : undefined;
}

/** Services outside of EKS read how to connect from SSM parameters, which are named after the environment. */
export function parameterProblems({ name, access }: EnvironmentFile): Problem[] {
  const [first] = servicesOutsideEks(access.services);
  if (!first || !isReservedInSsm(name)) return [];
  const message = `SSM keeps names that begin with aws or ssm for itself, so that there can be no parameters /${name}/database/${first.key}/…, in which a service outside of EKS finds how to connect; choose another name for the environment`;
  return [{ path: ["name"], message }];
}
