import { writeFileSync } from "node:fs";
import { exitOnUserError } from "../lib/user-error";
import { jsonSchemaText } from "../model/config/reference/json-schema";
import { referencePage } from "../model/config/reference/page";
import { commandLine } from "./support/arguments";

const USAGE = `Usage: npm run schema
Writes what follows from the schema of environment files, after a change in model/config:
environments/environment.schema.json, which editors check them against, and docs/environment-file.md, the reference.`;

void exitOnUserError(() => {
  if (!commandLine(USAGE)) return;
  const files = {
    "environments/environment.schema.json": jsonSchemaText(),
    "docs/environment-file.md": referencePage(),
  };
  for (const [file, text] of Object.entries(files)) {
    writeFileSync(file, text);
    process.stdout.write(`${file}\n`);
  }
});
