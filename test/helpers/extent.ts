import type { Environment } from "../../model/config/environment";
import { availableVersions, BUNDLED_VERSION, type VersionState } from "../../tools/postgres/server-binaries";
import { testEnvironment, testEnvironments } from "./environment";

/** True in `npm run test:all`, false in `npm test`: the configuration of Jest says it. */
declare const EVERYTHING: boolean;

/** PostgreSQL versions to try a promise on: in `npm test` the one that `npm ci` brings. */
export function versionsToTry(): VersionState[] {
  return availableVersions().filter(({ version }) => EVERYTHING || version === BUNDLED_VERSION);
}

/** Environments to try a promise on: in `npm test` the one in which every key of the access section is used. */
export function environmentsToTry(): Environment[] {
  return EVERYTHING ? testEnvironments() : [testEnvironment("company")];
}

/** How many random cases fast-check tries: in `npm test` a seventh of them. */
export function randomCases(all: number): { readonly numRuns: number } {
  return { numRuns: EVERYTHING ? all : Math.ceil(all / 7) };
}

/** Some of many cases that are alike: in `npm test` one of each so many. */
export function oneIn<T>(many: number, cases: readonly T[]): readonly T[] {
  return cases.filter((_, index) => EVERYTHING || index % many === 0);
}
