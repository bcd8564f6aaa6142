import type { ExpectedDatabase, ExpectedSchema } from "../../model/access/expectation";
import { quoteIdentifier } from "../../model/postgresql/quoting";
import { type LiveDatabase, type LiveObjects, levelKind } from "../catalog/live-catalog";
import type { Comparison } from "./comparison";
import { asMemberOf } from "./fixes";
import { compareGrants } from "./grants";
import { isRoutine, routineGrants } from "./routines";

/** More names than these are shown as a number, and granted on with ALL … IN SCHEMA. */
const MOST_NAMES = 10;

/** Objects of one schema that have one owner and one list of privileges. */
export function compareObjects(
  comparison: Comparison,
  database: ExpectedDatabase,
  { schemas }: LiveDatabase,
  found: LiveObjects,
): void {
  const schema = database.schemas.find(({ name }) => name === found.schema);
  const place = `${database.name}.${found.schema}`;
  const subject = subjectOf(place, found);
  const live = schemas.find(({ name }) => name === found.schema);
  if (found.kind !== "column") compareOwner(comparison, database, schema, found, subject, live?.owner);
  if (found.kind === "type") return;
  // Nobody has anything on a single column, nor in a schema that is not in the plan.
  const kind = levelKind(found);
  const expected = kind === undefined || !schema ? [] : schema.objects[kind];
  const routine = isRoutine(found) ? routineGrants(comparison, database, live?.open === true, found) : {};
  compareGrants(comparison, expected, found.grants, {
    subject,
    target: targetOf(found),
    owner: found.owner,
    ...(schema && { heir: schema.objectOwner }),
    database: database.name,
    count: found.names.length,
    unnamed: isUnnamed(found),
    ...(found.kind === "column" && { columns: found.names }),
    outsidePlan: schema === undefined,
    optional: found.partOf === "extension",
    ...routine,
  });
}

function compareOwner(
  comparison: Comparison,
  database: ExpectedDatabase,
  schema: ExpectedSchema | undefined,
  found: LiveObjects,
  subject: string,
  schemaOwner: string = comparison.expected.admin,
): void {
  const { expected, watched, roles, ledger } = comparison;
  const { owner, names, kind } = found;
  // The sequence of a serial column changes hands with its table, and what an extension makes stays with it.
  if (found.partOf === "table" || (found.partOf === "extension" && !watched.has(owner))) return;
  // What RDS itself put into `public` is nobody's to give away.
  if (schema && schema.owner === undefined && roles.get(owner)?.system && !watched.has(owner)) return;
  if (schema ? schema.objectOwner === owner : !watched.has(owner)) {
    ledger.holds("owner", names.length);
    return;
  }
  // Whoever gets it needs CREATE on the schema, which the admin lacks on that of a stranger.
  const to = schema?.objectOwner ?? (watched.has(schemaOwner) ? expected.admin : schemaOwner);
  const alter = isRoutine(found) ? "ROUTINE" : kind === "type" ? "TYPE" : "TABLE";
  const statements = qualified(found).map(
    (name) => `ALTER ${alter} ${name} OWNER TO ${quoteIdentifier(to)};`,
  );
  ledger.finds({
    kind: "different",
    topic: "owner",
    subject,
    detail: `${names.length === 1 ? "belongs" : "belong"} to ${owner} in place of ${to}`,
    ...(isUnnamed(found) && { unnamed: true }),
    ...asMemberOf(comparison, [owner, to], statements.join(" ")),
    database: database.name,
  });
}

function qualified({ schema, names }: LiveObjects): string[] {
  return names.map((name) => `${quoteIdentifier(schema)}.${name}`);
}

/** Whether there are too many to name them. */
function isUnnamed({ names }: LiveObjects): boolean {
  return names.length > MOST_NAMES;
}

function subjectOf(place: string, found: LiveObjects): string {
  const { kind, names, relation } = found;
  const inside = relation === null ? place : `${place}.${relation}`;
  const [first = ""] = names;
  if (names.length === 1) return `${kind} ${inside}.${first}`;
  const listed = isUnnamed(found) ? "" : `: ${names.join(", ")}`;
  return `${names.length} ${kind}s in ${inside}${listed}`;
}

function targetOf(found: LiveObjects): string {
  const { schema, kind, relation } = found;
  if (relation !== null) return `TABLE ${quoteIdentifier(schema)}.${relation}`;
  const type = isRoutine(found) ? "ROUTINE" : kind === "sequence" ? "SEQUENCE" : "TABLE";
  // Of routines, others in the schema may be an extension's, or granted by hand for good reasons.
  return isUnnamed(found) && type !== "ROUTINE"
    ? `ALL ${type}S IN SCHEMA ${quoteIdentifier(schema)}`
    : `${type} ${qualified(found).join(", ")}`;
}
