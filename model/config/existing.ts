import { z } from "zod";
import { quote } from "../../lib/nearest";
import type { Problem } from "./problem";
import { about, isObject, unwrap, valueAt } from "./reading/schema-walk";
import { environmentSchema } from "./schema";

/**
 * Keys that would do nothing beside `existing`, in every section that may name what exists. This reads the file as it
 * is written: once defaults are filled in, nobody can tell what a user said.
 */
export function keysBesideExisting(data: unknown): Problem[] {
  return Object.entries(environmentSchema.shape).flatMap(([section, schema]) => {
    const part = unwrap(schema);
    const written = valueAt(data, [section]);
    if (!(part instanceof z.ZodObject) || !isObject(written) || !("existing" in part.shape)) return [];
    if (valueAt(written, ["existing"]) === undefined) return [];
    return Object.entries(part.shape)
      .filter(([key, value]) => key !== "existing" && Object.hasOwn(written, key) && !appliesBeside(value))
      .map(([key]) => ({
        path: [section, key],
        onKey: true,
        message: `${quote(key)} is for a ${section} that is made here, and this one exists: it is only read, never changed; remove the key`,
      }));
  });
}

function appliesBeside(schema: unknown): boolean {
  return schema instanceof z.ZodType && about(schema).besideExisting === true;
}
