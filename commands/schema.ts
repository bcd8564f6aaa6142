import { writeFileSync } from "node:fs";
import { exitOnUserError } from "../lib/user-error";
import { jsonSchemaText } from "../model/config/json-schema";
import { commandLine } from "./support/arguments";

const USAGE = `Usage: npm run schema
Writes the JSON Schema that editors check environment files against.`;

exitOnUserError(() => {
  if (!commandLine(USAGE)) return;
  writeFileSync("environments/environment.schema.json", jsonSchemaText());
});
