import { quote } from "../../lib/nearest";
import { ADMIN_USER, databaseUser } from "../postgresql/names";
import { declaredIdentities } from "./identities";
import type { Problem } from "./problem";
import { type EnvironmentFile, environmentSchema } from "./schema";

/** What else a layer's part of the file may hold beside `existing`. */
const STILL_APPLY: Readonly<Record<string, readonly string[]>> = {
  network: [],
  cluster: [],
  database: ["bastion", "caBundle", "deletionProtection", "logsRetentionDays"],
};

/** Every known key of a layer's part of the file. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  network: Object.keys(environmentSchema.shape.network.unwrap().shape),
  cluster: Object.keys(environmentSchema.shape.cluster.unwrap().shape),
  database: Object.keys(environmentSchema.shape.database.unwrap().shape),
};

/**
 * Keys that would do nothing beside `existing`. This reads the file as it is written: once defaults are filled in,
 * nobody can tell what a user said.
 */
export function keysBesideExisting(data: unknown): Problem[] {
  return Object.entries(STILL_APPLY).flatMap(([layer, applying]) => {
    const part = field(data, layer);
    if (field(part, "existing") === undefined) return [];
    return Object.keys(part ?? {})
      .filter((key) => KEYS[layer]?.includes(key) && key !== "existing" && !applying.includes(key))
      .map((key) => ({
        path: [layer, key],
        onKey: true,
        message: `${quote(key)} is for a ${layer} that is made here, and this one exists: it is only read, never changed; remove the key`,
      }));
  });
}

/** Whether there is a bastion: by default for a database that is made here. */
export function hasBastion({ bastion, existing }: EnvironmentFile["database"]): boolean {
  return bastion ?? !existing;
}

/** Subnets that are listed more than once. */
export function existingSubnetProblems({ network: { existing: network } }: EnvironmentFile): Problem[] {
  if (!network) return [];
  const lists = ["publicSubnetIds", "privateSubnetIds", "databaseSubnetIds"] as const;
  const twice = lists.flatMap((list) =>
    network[list].flatMap((id, index, all) =>
      all.indexOf(id) === index
        ? []
        : [
            {
              path: ["network", "existing", list, index],
              message: `${quote(id)} is listed twice; remove one`,
            },
          ],
    ),
  );
  const both = network.privateSubnetIds.flatMap((id, index) =>
    network.publicSubnetIds.includes(id)
      ? [
          {
            path: ["network", "existing", "privateSubnetIds", index],
            message: `${quote(id)} is under publicSubnetIds too; a subnet is one or the other`,
          },
        ]
      : [],
  );
  return [...twice, ...both];
}

/** An existing database is a cluster or an instance. */
export function existingIdentifierProblems({ database: { existing: database } }: EnvironmentFile): Problem[] {
  if (!database || (database.cluster === undefined) !== (database.instance === undefined)) return [];
  const path = ["database", "existing"];
  return [
    database.cluster === undefined
      ? { path, message: "say which database: add cluster: or instance:, with its RDS identifier" }
      : {
          path: [...path, "instance"],
          onKey: true,
          message: "there is cluster: already; remove one of them",
        },
  ];
}

/** A login of the plan by the admin's name would be the admin; with its usual name the rules for access refuse it. */
export function existingAdminProblems({
  database: { existing: database },
  access,
}: EnvironmentFile): Problem[] {
  if (!database || database.adminUser === ADMIN_USER) return [];
  return declaredIdentities(access)
    .filter(({ key }) => databaseUser(key) === database.adminUser)
    .map(({ path }) => ({
      path,
      onKey: true,
      message: `the database user ${quote(database.adminUser)} is the database's admin; choose another name`,
    }));
}

function field(value: unknown, key: string): object | null | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const found: unknown = Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
  return typeof found === "object" ? found : undefined;
}
