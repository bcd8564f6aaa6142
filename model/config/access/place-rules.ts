import type { Problem } from "../problem";
import type { EnvironmentFile } from "../schema";
import { PLACE_KEYS } from "./place";

/** Keys that mean something beside one of the others alone. */
const NEEDS = { serviceAccount: "namespace", externalId: "principals" } as const;

/** Services that say not where they run, or in two ways. */
export function placeProblems({ access }: EnvironmentFile): Problem[] {
  return Object.entries(access.services).flatMap(([key, service]) => {
    const path = ["access", "services", key];
    const [said, ...more] = PLACE_KEYS.filter((each) => service[each] !== undefined);
    if (said === undefined) {
      const message = `it does not say where the service runs; add one of ${PLACE_KEYS.join(", ")}`;
      return [{ path, onKey: true, message }];
    }
    const twice = more.map((other) => ({
      path: [...path, other],
      onKey: true,
      message: `a service runs in one place, and this one says ${said} already; take one of them out`,
    }));
    const without = Object.entries(NEEDS).flatMap(([name, needed]) =>
      Object.hasOwn(service, name) && said !== needed
        ? [{ path: [...path, name], onKey: true, message: `${name} goes with ${needed} alone; take it out` }]
        : [],
    );
    return [...twice, ...without];
  });
}
