import { writeFileSync } from "node:fs";
import { jsonSchemaText } from "../model/config/json-schema";

/** Writes the JSON Schema that editors check environment files against. */
writeFileSync("environments/environment.schema.json", jsonSchemaText());
