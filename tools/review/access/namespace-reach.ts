import type { ServiceIdentity } from "../../../model/access/identity";
import type { Finding } from "../finding";
import { levelsOf } from "./access-changes";
import { beyond, placesOf, rightsAt } from "./effective";
import { isSchema } from "./places";
import { type AccessSide, type RoleId, written } from "./rights";
import { listed } from "./words";

/** What follows for a namespace when a service comes to it. */
export type Reach = (service: ServiceIdentity) => Finding[];

/**
 * Whoever may create pods in a namespace may become every service in it. So one that comes to a namespace gives its access
 * to all who could become the others there, which neither its own line nor theirs says.
 */
export function namespaceReach(before: AccessSide, after: AccessSide): Reach {
  const reached = new Map<string, Set<RoleId>>();
  for (const identity of before.plan.identities) {
    if (identity.kind !== "service") continue;
    const roles = reached.get(identity.namespace) ?? new Set<RoleId>();
    for (const role of before.rolesOf(identity)) roles.add(role);
    reached.set(identity.namespace, roles);
  }
  return (service) => {
    const had = reached.get(service.namespace);
    // Nobody was in a new one.
    if (had === undefined) return [];
    const roles = after.rolesOf(service);
    const levels = levelsOf(service, written);
    const more = [...placesOf(after, roles)]
      .filter((place) => isSchema(place))
      .filter(
        (place) => beyond(rightsAt(after, roles, place), rightsAt(before, had, place), before).length > 0,
      )
      .map((place) => `${place} ${levels.get(place) ?? "without a level"}`)
      .sort();
    if (more.length === 0) return [];
    const { namespace } = service;
    const text = `${namespace}: whoever may create pods there gains ${listed(more)} by it`;
    return [{ kind: "trust-widened", subject: namespace, text }];
  };
}
