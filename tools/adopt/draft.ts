import type { Level } from "../../model/postgresql/levels";
import type { ProposedAccess, ProposedService } from "./proposal";

/** A database as it may come to be in the file. */
export interface DraftDatabase {
  readonly name: string;
  readonly schemas: readonly string[];
  readonly extensions: readonly (string | { readonly name: string; readonly reason: string })[];
  /** How it comes to be as the file has it: the schema that what is in `public` moves to, if it does. */
  readonly adopted?: { readonly public?: string };
}

/** Keys of a service that say nothing about its grants. */
export type ServiceSettings = Pick<
  ProposedService,
  "connectionLimit" | "statementTimeout" | "idleInTransactionSessionTimeout" | "searchPath"
>;

/** A service as it may come to be in the file. */
export interface DraftService {
  readonly key: string;
  readonly namespace: string;
  readonly grants: readonly (readonly [target: string, level: Level])[];
  readonly settings: ServiceSettings;
}

/** The section before the model has looked at it: whatever is taken out of it, the rest still makes sense. */
export interface Draft {
  readonly databases: readonly DraftDatabase[];
  readonly services: readonly DraftService[];
}

/** The section as the file has it, in sorted order. */
export function asAccess({ databases, services }: Draft): ProposedAccess {
  return {
    databases: sorted(
      databases.map(({ name, schemas, extensions }) => [
        name,
        extensions.length === 0 ? [...schemas].sort() : { schemas: [...schemas].sort(), extensions },
      ]),
    ),
    namespaces: sorted(services.map(({ namespace }) => [namespace, {}])),
    ...(databases.some(({ adopted }) => adopted) && {
      adopted: sorted(databases.flatMap(({ name, adopted }) => (adopted ? [[name, adopted] as const] : []))),
    }),
    services: sorted(services.map((service) => [service.key, asService(service)])),
  };
}

function asService({ namespace, settings, grants }: DraftService): ProposedService {
  const databases = [...new Set(grants.map(([target]) => databaseOf(target)))].sort();
  const [database] = databases;
  return {
    namespace,
    ...(databases.length > 1 && { database }),
    ...settings,
    grants: sorted(grants),
  };
}

/** The database of a target; neither name holds a dot where the model has taken both. */
export function databaseOf(target: string): string {
  return target.slice(0, target.indexOf("."));
}

function sorted<Value>(entries: readonly (readonly [string, Value])[]): Record<string, Value> {
  return Object.fromEntries([...entries].sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** The draft without a database, or without one of its schemas, and the grants and services that were for it alone. */
export function withoutTargets(draft: Draft, gone: (database: string, schema: string) => boolean): Draft {
  const databases = draft.databases
    .map((each) => {
      const schemas = each.schemas.filter((schema) => !gone(each.name, schema));
      const to = each.adopted?.public;
      return { ...each, schemas, ...(to !== undefined && !schemas.includes(to) && { adopted: {} }) };
    })
    .filter(({ schemas }) => schemas.length > 0);
  const targets = new Set(databases.flatMap(({ name, schemas }) => schemas.map((each) => `${name}.${each}`)));
  const services = draft.services
    .map((each) => {
      const grants = each.grants.filter(([target]) => targets.has(target));
      return { ...each, grants, settings: withoutSchemas(each, grants) };
    })
    .filter(({ grants }) => grants.length > 0);
  return { databases, services };
}

/** The settings without what its search_path can no longer find, where it lost grants. */
function withoutSchemas({ grants, settings }: DraftService, left: DraftService["grants"]): ServiceSettings {
  const { searchPath, ...rest } = settings;
  const lost = new Set(grants.filter((each) => !left.includes(each)).map(([target]) => schemaOf(target)));
  for (const [target] of left) lost.delete(schemaOf(target));
  const path = searchPath?.filter((schema) => !lost.has(schema)) ?? [];
  return { ...rest, ...(path.length > 0 && { searchPath: path }) };
}

function schemaOf(target: string): string {
  return target.slice(target.indexOf(".") + 1);
}
