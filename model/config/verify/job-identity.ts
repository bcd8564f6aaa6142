import { connectGroup, VERIFY_KEY } from "../../postgresql/names";
import { declaredDatabases } from "../access/declared-databases";
import type { Problem } from "../problem";
import type { EnvironmentFile } from "../schema";
import { verifyJob } from "./scheduled-job";

/**
 * A file with the identity of its job among the services, where all rules and renderings of services find it. It has no
 * grant, which tells it from those of the file, and connects to the database itself: a proxy is not what it is to look at.
 * Where the name is taken it is left out, and a rule says so.
 */
export function withJobIdentity(file: EnvironmentFile): EnvironmentFile {
  const job = verifyJob(file);
  const { services, people } = file.access;
  const [database] = Object.keys(file.access.databases).sort();
  const taken = [services, people].some((section) => Object.hasOwn(section, VERIFY_KEY));
  if (!job || taken || database === undefined) return file;
  const identity: (typeof services)[string] = {
    namespace: job.namespace,
    database,
    endpoint: "writer",
    ...(file.database.proxy && { proxy: false }),
    grants: {},
    // One at a time, and a run by hand beside it.
    connectionLimit: 3,
  };
  return { ...file, access: { ...file.access, services: { ...services, [VERIFY_KEY]: identity } } };
}

/** A problem where the file says what it is about: the identity of the job stands nowhere in it. */
export function atJob(file: EnvironmentFile): (problem: Problem) => Problem {
  if (!jobIdentity(file)) return (problem) => problem;
  return (problem) => {
    const [access, section, key, part] = problem.path;
    if (access !== "access" || section !== "services" || key !== VERIFY_KEY) return problem;
    return part === "namespace"
      ? { ...problem, path: ["verify", part] }
      : { ...problem, path: ["verify", "schedule"], onKey: true };
  };
}

/** The key of the service that is a file's job; undefined when it has none. */
export function jobIdentity(file: Pick<EnvironmentFile, "access" | "verify">): string | undefined {
  const { services } = file.access;
  const found = verifyJob(file) && Object.hasOwn(services, VERIFY_KEY) ? services[VERIFY_KEY] : undefined;
  return found && Object.keys(found.grants).length === 0 ? VERIFY_KEY : undefined;
}

/** A group role that may connect to a database and nothing else there. */
export interface ConnectGroup {
  readonly role: string;
  readonly database: string;
  /** Of the database, from the top of the file. */
  readonly path: readonly PropertyKey[];
}

/** The groups by which the job connects, one for each database; none where there is no job. */
export function connectGroups(file: Pick<EnvironmentFile, "access" | "verify">): ConnectGroup[] {
  if (verifyJob(file) === undefined) return [];
  return declaredDatabases(file.access).map(({ name, path }) => ({
    role: connectGroup(name),
    database: name,
    path,
  }));
}
