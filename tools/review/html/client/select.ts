import type { Cell, EnvironmentData, IdentityData, SchemaData } from "../page-data";
import { hasWords } from "./elements";

/** What is asked of the matrix; an empty text asks for nothing. */
export interface Asked {
  readonly words: string;
  readonly schema: string;
  readonly level: string;
  readonly kind: string;
  readonly namespace: string;
  readonly onlyChanges: boolean;
}

/** What of the matrix is shown. */
export interface Shown {
  readonly identities: readonly IdentityData[];
  /** Places of schemas. */
  readonly columns: readonly number[];
}

/**
 * The identities that are asked for, and the schemas in which they have something that is asked for. A cell counts by what
 * it was and by what it is.
 */
export function select({ schemas, identities, levels }: EnvironmentData, asked: Asked): Shown {
  const { words, schema, level, kind, namespace, onlyChanges } = asked;
  const wanted = levels.findIndex(({ name }) => name === level);
  const fits = ([column, before, after]: Cell) =>
    (schema === "" || nameOf(schemas[column]) === schema) &&
    (wanted < 0 || before === wanted || after === wanted) &&
    (!onlyChanges || before !== after);
  const byCell = schema !== "" || level !== "";
  const shown = identities.filter(
    (identity) =>
      (kind === "" || identity.kind === kind) &&
      (namespace === "" || identity.namespace === namespace) &&
      (words === "" || hasWords(textOf(identity), words)) &&
      (!onlyChanges || identity.change !== "") &&
      (!byCell || identity.cells.some(fits)),
  );
  const used = new Set(shown.flatMap(({ cells }) => cells.filter(fits).map(([column]) => column)));
  const isShown = ({ change }: SchemaData, column: number) =>
    used.has(column) || (!byCell && (!onlyChanges || change !== ""));
  return {
    identities: shown,
    columns: schemas.flatMap((each, column) => (isShown(each, column) ? [column] : [])),
  };
}

/** A column's name. */
export function nameOf(schema: SchemaData | undefined): string {
  return schema ? `${schema.database}.${schema.schema}` : "";
}

const texts = new WeakMap<IdentityData, string>();

/** Whatever an identity can be found by, before and after, in lower case. */
function textOf(identity: IdentityData): string {
  const known = texts.get(identity);
  if (known !== undefined) return known;
  const { key, kind, namespace = "", before = [], after = [] } = identity;
  const facts = [...before, ...after].flatMap(({ facts }) => facts.map(([, value]) => value));
  const text = [key, kind, namespace, ...facts].join("\n").toLowerCase();
  texts.set(identity, text);
  return text;
}
