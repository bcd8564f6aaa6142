import { readFileSync, writeFileSync } from "node:fs";
import { exitOnUserError } from "../lib/user-error";
import { jsonSchemaText } from "../model/config/reference/json-schema";
import { withLevels } from "../model/config/reference/levels";
import { referencePage } from "../model/config/reference/page";
import { commandLine } from "./support/arguments";

const USAGE = `Usage: npm run schema
Writes what follows from the schema of environment files, after a change in model/config:
environments/environment.schema.json, which editors check them against, docs/environment-file.md, the reference, and the
table of levels in docs/access-model.md.`;

const ACCESS_MODEL = "docs/access-model.md";

void exitOnUserError(() => {
  if (!commandLine(USAGE)) return;
  const files = {
    "environments/environment.schema.json": jsonSchemaText(),
    "docs/environment-file.md": referencePage(),
    [ACCESS_MODEL]: withLevels(readFileSync(ACCESS_MODEL, "utf8")),
  };
  for (const [file, text] of Object.entries(files)) {
    writeFileSync(file, text);
    process.stdout.write(`${file}\n`);
  }
});
