import { basename, isAbsolute } from "node:path";
import { errorCode, UserError } from "../../lib/user-error";
import { isCaBundle, rdsCaBundle } from "../aws/ca-bundle";
import { partitionOf } from "../aws/regions";
import type { Environment } from "./environment";
import { hasBastion, keysBesideExisting } from "./existing-rules";
import type { Problem } from "./problem";
import { withoutProblems } from "./repair";
import { ruleProblems, zoneNames } from "./rules";
import { type EnvironmentFile, environmentSchema } from "./schema";
import { schemaProblems } from "./schema-problems";
import { readYaml, type YamlText } from "./yaml";

/** Largest environment file: a thousand services take a tenth of it. */
export const MAX_BYTES = 1024 * 1024;

/** Reads a file named in an environment file, relative to it. Throws when it cannot be read. */
export type ReadFile = (path: string) => string;

/**
 * Turns the text of an environment file into an environment.
 * @param file how the user named it; appears in messages and reports
 * @throws UserError with every problem of the file, in the order of its lines
 */
export function parseEnvironment(text: string, file: string, readFile: ReadFile): Environment {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_BYTES) {
    throw new UserError([
      `${file}:1:1: the file has ${(bytes / MAX_BYTES).toFixed(1)} MiB; an environment file has at most 1 MiB`,
    ]);
  }
  if (text.trim() === "") {
    throw new UserError([
      `${file}:1:1: the file is empty; it needs at least name, account, region and access (see environments/dev.yaml)`,
    ]);
  }
  const yaml = readYaml(text);
  if (yaml.errors.length > 0) {
    throw new UserError(
      yaml.errors.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`),
    );
  }
  const { data, problems } = check(yaml);
  const ca = data && caBundle(data.region, data.database.caBundle, readFile);
  if (ca && "message" in ca) problems.push(ca);
  if (problems.length > 0 || !data || !ca || "message" in ca) throw problemsError(file, yaml, problems);
  const { network, ...rest } = sorted(data);
  const { availabilityZones: _, ...networkRest } = network;
  return {
    ...rest,
    // Reports and plans must not depend on where a team keeps its files.
    file: isAbsolute(file) || file.startsWith("..") ? basename(file) : file,
    partition: partitionOf(rest.region),
    network: { ...networkRest, zones: zoneNames(data) },
    database: { ...rest.database, bastion: hasBastion(rest.database), caBundle: ca.pem },
  };
}

function check(yaml: YamlText): { data: EnvironmentFile | undefined; problems: Problem[] } {
  const parsed = environmentSchema.safeParse(yaml.data);
  const beside = keysBesideExisting(yaml.data);
  if (parsed.success) return { data: parsed.data, problems: [...beside, ...ruleProblems(parsed.data)] };
  const problems = schemaProblems(environmentSchema, parsed.error.issues, yaml.data, yaml.source);
  const data = withoutProblems(yaml.data, problems);
  const unread = problems.map(({ path }) => path.join("."));
  return { data, problems: [...problems, ...beside, ...(data ? ruleProblems(data, unread) : [])] };
}

function caBundle(
  region: string,
  path: string | undefined,
  readFile: ReadFile,
): Problem | { readonly pem: string } {
  if (path === undefined) {
    const pem = rdsCaBundle(region);
    if (pem) return { pem };
    return {
      path: ["region"],
      message: `the CA certificates of RDS in ${region} do not come with the project; download https://truststore.pki.rds.amazonaws.com/${region}/${region}-bundle.pem and name the file in database.caBundle`,
    };
  }
  const at = ["database", "caBundle"];
  try {
    const pem = readFile(path);
    if (isCaBundle(pem)) return { pem: pem.trim() };
    return { path: at, message: `${path} holds no PEM certificates, or something else beside them` };
  } catch (error) {
    return {
      path: at,
      message: `${path} cannot be read (${errorCode(error)}); the path is relative to this file`,
    };
  }
}

function problemsError(file: string, yaml: YamlText, problems: readonly Problem[]): UserError {
  const placed = problems.map((problem) => ({ ...yaml.place(problem), message: problem.message }));
  placed.sort((left, right) => left.line - right.line || left.column - right.column);
  const lines = placed.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`);
  return new UserError([...new Set(lines)]);
}

/** The same data with the keys of every map in sorted order; lists keep theirs. */
function sorted<T>(value: T): T;
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => sorted(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
