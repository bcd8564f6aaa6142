import fc from "fast-check";
import { stringify } from "yaml";
import { UserError } from "../../lib/user-error";
import { type AccessPlan, accessPlan } from "../../model/access/plan";
import type { Environment } from "../../model/config/environment";
import { LEVEL_NAMES, type Level, OWNER } from "../../model/postgresql/levels";
import { MINIMAL, parse } from "../helpers/environment";

/** Legal names of databases and schemas: words of SQL, signs that need quotes, and as long as two may be together. */
const name = fc.oneof(
  fc.constantFrom("select", "user", "PUBLIC", "A_b$c", "_x", "x$$y", "a-b--c", "L".repeat(28)),
  fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_$-]{0,27}$/),
);

const schemas = fc.uniqueArray(
  fc.oneof({ weight: 4, arbitrary: name }, { weight: 1, arbitrary: fc.constant("public") }),
  { minLength: 1, maxLength: 2 },
);

/** Legal keys of services: their database users are words of SQL, differ in little, or are as long as can be. */
const key = fc.oneof(
  fc.constantFrom("select", "all", "user", "session-user", "current-role", "a-b", "ab", "k".repeat(56)),
  fc.stringMatching(/^[a-z]([a-z0-9-]{0,54}[a-z0-9])?$/),
);

/** Extensions that the admin may make by itself, and others, which put functions, types and operators into public. */
const extension = fc.constantFrom<unknown>("amcheck", "citext", "cube", "pg_trgm", {
  name: "dblink",
  reason: "for now",
});

/** Which schemas a service has rights in, by number, and which rights. An owner may read another of its database. */
const rights = fc.oneof(
  fc.tuple(fc.tuple(fc.nat(3), fc.constant<Level>(OWNER))),
  fc.tuple(
    fc.tuple(fc.nat(3), fc.constant<Level>("read-only")),
    fc.tuple(fc.nat(3), fc.constant<Level>(OWNER)),
  ),
  fc.array(fc.tuple(fc.nat(3), fc.constantFrom(...LEVEL_NAMES.filter((level) => level !== OWNER))), {
    minLength: 1,
    maxLength: 3,
  }),
);

/** Limits of a service, too long to end anything; with a path, of all schemas that it has rights in. */
const limits = fc.record(
  {
    statementTimeout: fc.constantFrom("1h", "none"),
    idleInTransactionSessionTimeout: fc.constant("90min"),
    withPath: fc.boolean(),
  },
  { requiredKeys: [] },
);

/** Where a service runs. On EKS is the most usual. */
const place = fc.oneof(
  { weight: 4, arbitrary: fc.constant<object>({ namespace: "n" }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<object>({ runsOn: "lambda" }, { runsOn: "ecs" }, { runsOn: "ec2" }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<object>(
      { role: "Legacy" },
      { principals: ["arn:aws:iam::123456789012:role/Deploy"] },
      { principals: ["arn:aws:iam::123456789012:role/Deploy"], externalId: "acme-1" },
      { principals: ["arn:aws:iam::210987654321:role/CI"], externalId: "acme-2" },
    ),
  },
);

interface Ways {
  readonly identity: string;
  readonly proxy: object;
}

/** How pods take their roles, and whether services go through a proxy. */
const ways: fc.Arbitrary<Ways> = fc.record({
  identity: fc.constantFrom("irsa", "both", "pod-identity"),
  proxy: fc.constantFrom<object>(
    {},
    { proxy: {} },
    { proxy: {}, readers: 1 },
    { proxy: { readerEndpoint: true }, readers: 1 },
  ),
});

/** Access plans of {@link generatedEnvironments}. */
export function generatedPlans(): fc.Arbitrary<AccessPlan> {
  return generatedEnvironments().map(accessPlan);
}

/** Environments whose files are accepted; the first schema has a login of each level. */
export function generatedEnvironments(taken: fc.Arbitrary<Ways> = ways): fc.Arbitrary<Environment> {
  return fc
    .record({
      ways: taken,
      databases: fc.dictionary(name, schemas, { minKeys: 1, maxKeys: 2 }),
      extensions: fc.uniqueArray(extension, { maxLength: 3 }),
      keys: fc.uniqueArray(key, { minLength: LEVEL_NAMES.length, maxLength: LEVEL_NAMES.length + 2 }),
      places: fc.array(place, { minLength: LEVEL_NAMES.length + 2, maxLength: LEVEL_NAMES.length + 2 }),
      others: fc.array(rights, { minLength: 2, maxLength: 2 }),
      limitsOf: fc.array(limits, { minLength: LEVEL_NAMES.length, maxLength: LEVEL_NAMES.length + 2 }),
    })
    .map(({ ways: { identity, proxy }, databases, extensions, keys, places, others, limitsOf }) => {
      const targets = Object.entries(databases).flatMap(([database, names]) =>
        names.map((schema) => `${database}.${schema}`),
      );
      const each: (readonly (readonly [number, Level])[])[] = [
        ...LEVEL_NAMES.map((level) => [[0, level] as const]),
        ...others,
      ];
      const services = Object.fromEntries(
        keys.map((service, index) => {
          const grants = Object.fromEntries(
            (each[index] ?? []).map(([target, level]) => [targets[target % targets.length], level]),
          );
          const [first = ""] = Object.keys(grants);
          const { withPath = false, ...times } = limitsOf[index] ?? {};
          const path = new Set(
            Object.keys(grants)
              .map((target) => target.split(".")[1])
              .filter((schema) => schema !== "public"),
          );
          const own = { ...times, ...(withPath && { searchPath: [...path, "public", "$user"] }) };
          return [service, { ...places[index], database: first.split(".")[0], grants, ...own }];
        }),
      );
      const [first] = Object.keys(databases);
      const long = Object.entries(databases).map(([database, names]) => [
        database,
        database === first && extensions.length > 0 ? { schemas: names, extensions } : names,
      ]);
      return accepted({
        cluster: { identity },
        database: proxy,
        access: {
          accounts: { ci: "210987654321" },
          databases: Object.fromEntries(long),
          namespaces: { n: {} },
          services,
        },
      });
    })
    .filter((environment) => environment !== undefined);
}

/** The environment of a file with these sections; undefined when it is refused. */
function accepted(sections: object): Environment | undefined {
  try {
    const head = MINIMAL.slice(0, MINIMAL.indexOf("access:"));
    return parse(`${head}${stringify(sections)}`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return undefined;
  }
}
