import type { EnvironmentFile } from "../schema";
import { serviceAccountOf } from "./service-account";
import type { RUNTIMES } from "./services";

type Service = EnvironmentFile["access"]["services"][string];

/** What outside of EKS a service may run on. */
export type Runtime = (typeof RUNTIMES)[number];

/** Where a service runs, and so who takes its IAM role. */
export type ServicePlace =
  | {
      readonly kind: "service";
      readonly namespace: string;
      readonly account: { readonly name: string; readonly existing: boolean };
    }
  | { readonly kind: "workload"; readonly runsOn: Runtime }
  | { readonly kind: "role"; readonly role: string }
  | { readonly kind: "principals"; readonly principals: readonly string[]; readonly externalId?: string };

/** The keys that say where a service runs, one of which it has. */
export const PLACE_KEYS = ["namespace", "runsOn", "role", "principals"] as const;

/** Where a service runs; undefined when it does not say, which a rule refuses. */
export function placeOf(key: string, service: Service): ServicePlace | undefined {
  const { namespace, runsOn, role, principals, externalId } = service;
  if (namespace !== undefined) return { kind: "service", namespace, account: serviceAccountOf(key, service) };
  if (runsOn !== undefined) return { kind: "workload", runsOn };
  if (role !== undefined) return { kind: "role", role };
  if (principals === undefined) return undefined;
  return { kind: "principals", principals, ...(externalId !== undefined && { externalId }) };
}

/** The services of a file that run on EKS, each with where. */
export function servicesOnEks(services: EnvironmentFile["access"]["services"]) {
  return Object.entries(services).flatMap(([key, service]) => {
    const place = placeOf(key, service);
    return place?.kind === "service" ? [{ key, service, place }] : [];
  });
}

/** The services of a file that run elsewhere, each with where. */
export function servicesOutsideEks(services: EnvironmentFile["access"]["services"]) {
  return Object.entries(services).flatMap(([key, service]) => {
    const place = placeOf(key, service);
    return place === undefined || place.kind === "service" ? [] : [{ key, place }];
  });
}
