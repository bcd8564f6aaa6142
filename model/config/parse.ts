import { quote } from "../../lib/nearest";
import { UserError } from "../../lib/user-error";
import { partitionOf } from "../aws/regions";
import { hasBastion } from "./database/bastion";
import { caBundle, type ReadFile } from "./database/ca-bundle";
import { existingDatabase } from "./database/existing";
import type { Environment } from "./environment";
import { keysBesideExisting } from "./existing";
import { fileNameProblems, nameInReports } from "./file-name";
import { userError, warningsAmong } from "./found";
import { zoneNames } from "./network/zone-names";
import type { Problem } from "./problem";
import { expressionProblems } from "./reading/expressions";
import { withoutRefused } from "./reading/repair";
import { schemaProblems } from "./reading/schema-problems";
import { sentence } from "./reading/sentences";
import { MAX_BYTES, tooLarge } from "./reading/text-file";
import { readYaml, type YamlText } from "./reading/yaml";
import { ruleProblems } from "./rules";
import { type EnvironmentFile, environmentSchema } from "./schema";
import { atJob, withJobIdentity } from "./verify/job-identity";

/**
 * Turns the text of an environment file into an environment.
 * @param file how the user named it; appears in messages and reports
 * @param between what is wrong between it and other environments. @default nothing
 * @throws UserError with every problem of the file, in the order of its lines
 */
export function parseEnvironment(
  text: string,
  file: string,
  readFile: ReadFile,
  between: (environment: Environment) => readonly Problem[] = () => [],
): Environment {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_BYTES) throw new UserError([`${file}:1:1: ${tooLarge(bytes)}`]);
  const yaml = readYaml(text);
  if (yaml.errors.length > 0) throw userError(file, yaml.errors);
  const { data, problems } = check(yaml);
  problems.push(...fileNameProblems(file));
  const ca = data && caBundle(data, readFile);
  if (ca && "message" in ca) problems.push(ca);
  const accepted = data?.acceptedWarnings ?? {};
  const warnings = warningsAmong(file, yaml, problems, accepted);
  if (!data || !ca || "message" in ca) throw new Error(`${file} has no problem and is no environment.`);
  const { network, database, ...rest } = sorted(data);
  const { availabilityZones: _, ...networkRest } = network;
  const { existing: __, ...databaseRest } = database;
  const existing = existingDatabase(database);
  const environment = {
    ...rest,
    file: nameInReports(file),
    partition: partitionOf(rest.region),
    network: { ...networkRest, zones: zoneNames(data) },
    database: {
      ...databaseRest,
      ...(existing && { existing }),
      bastion: hasBastion(database),
      caBundle: ca.pem,
    },
    warnings,
  };
  return {
    ...environment,
    warnings: warningsAmong(file, yaml, [...problems, ...between(environment)], accepted),
  };
}

/** Everything wrong with the data of an environment file, as far as it can be told without its text and other files. */
export function dataProblems(data: unknown): readonly Problem[] {
  return check({ data, source: () => undefined }).problems;
}

function check(yaml: Pick<YamlText, "data" | "source">): {
  data: EnvironmentFile | undefined;
  problems: Problem[];
} {
  const unusable = noMap(yaml.data);
  if (unusable) return { data: undefined, problems: [{ path: [], message: unusable }] };
  const parsed = environmentSchema.safeParse(yaml.data, { error: sentence });
  const expressions = expressionProblems(yaml.data);
  const anywhere = [...expressions, ...keysBesideExisting(yaml.data)];
  if (parsed.success) {
    const data = withJobIdentity(parsed.data);
    return { data, problems: [...anywhere, ...ruleProblems(data).map(atJob(data))] };
  }
  const { problems, paths } = schemaProblems(environmentSchema, parsed.error.issues, yaml.data, yaml.source);
  const repaired = withoutRefused(yaml.data, paths);
  const data = repaired && withJobIdentity(repaired);
  const unread = paths.map((path) => path.join("."));
  // What holds an expression breaks a pattern as well, and that is one mistake.
  const at = ({ path, onKey = false }: Problem) => JSON.stringify([path, onKey]);
  const told = new Set(expressions.map(at));
  const others = problems.filter((problem) => !told.has(at(problem)));
  const between = data ? ruleProblems(data, unread).map(atJob(data)) : [];
  return { data, problems: [...others, ...anywhere, ...between] };
}

/** Why a file as a whole cannot be an environment. */
function noMap(data: unknown): string | undefined {
  if (data === null) {
    return "the file is empty; it needs at least name, account, region and access (see environments/dev.yaml)";
  }
  if (typeof data === "object" && !Array.isArray(data)) return undefined;
  return `the file must be a map of keys to values, such as name: dev, got: ${quote(data)}`;
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
