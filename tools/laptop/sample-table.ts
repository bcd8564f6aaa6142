import { quoteIdentifier, quoteLiteral } from "../../model/postgresql/quoting";

/** The table that each schema has on a laptop, as SQL names it. */
export function sampleTable(schema: string): string {
  return `${quoteIdentifier(schema)}.sample`;
}

/** Makes it, with rows: whoever may read sees something, and whoever may not is denied something that is there. */
export function makeSampleTable(schema: string, database: string): string {
  const table = sampleTable(schema);
  const rows = ["the first", "the second", "the third"].map(
    (which, index) => `(${index + 1}, ${quoteLiteral(`${which} row of ${database}.${schema}`)})`,
  );
  return `CREATE TABLE ${table} (id int PRIMARY KEY, note text NOT NULL);
    INSERT INTO ${table} VALUES ${rows.join(", ")}`;
}
