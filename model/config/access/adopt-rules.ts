import { quote, suggestion } from "../../../lib/nearest";
import { PUBLIC_SCHEMA } from "../../postgresql/names";
import type { Problem } from "../problem";
import type { EnvironmentFile } from "../schema";
import { declaredDatabases } from "./declared-databases";

/** What `access.adopted` says must fit with what is declared. */
export function adoptProblems({ access }: EnvironmentFile): Problem[] {
  const databases = declaredDatabases(access);
  return Object.entries(access.adopted).flatMap(([name, { public: to }]): Problem[] => {
    const path = ["access", "adopted", name];
    const database = databases.find((each) => each.name === name);
    if (!database) {
      const known = databases.map((each) => each.name);
      const message = `${quote(name)} is not declared under access.databases.${suggestion(name, known)}`;
      return [{ path, onKey: true, message }];
    }
    const renamed = Object.entries(access.renamed).flat();
    if (renamed.some((each) => each === name || each.startsWith(`${name}.`))) {
      const message = `${quote(name)} is under access.renamed too: one after the other`;
      return [{ path, onKey: true, message }];
    }
    if (to === undefined) return [];
    const schemas = database.schemas.map((schema) => schema.name);
    const faults: [boolean, string][] = [
      [to === PUBLIC_SCHEMA, "what is in public moves to another schema; leave the key out if it is to stay"],
      [!schemas.includes(to), `${name} has no schema ${quote(to)}.${suggestion(to, schemas)}`],
    ];
    const [, message] = faults.find(([wrong]) => wrong) ?? [];
    return message === undefined ? [] : [{ path: [...path, "public"], message }];
  });
}
