import { z } from "zod";
import { environmentSchema } from "./schema";

/** The JSON Schema of an environment file, as the text of environments/environment.schema.json. */
export function jsonSchemaText(): string {
  const schema = z.toJSONSchema(environmentSchema, { io: "input", target: "draft-7" });
  return `${JSON.stringify({ title: "Environment", ...schema }, null, 2)}\n`;
}
