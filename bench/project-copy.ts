import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What `cdktf synth` reads of the project; main.ts may import nothing else. */
const SOURCES = [
  "access",
  "cdktf.json",
  "config",
  "constructs",
  "environments",
  "main.ts",
  "stacks",
  "tsconfig.json",
];

/** The tsconfig.json that `cdktf init` writes for TypeScript. */
const STOCK_TSCONFIG = "node_modules/cdktf-cli/bundle/templates/typescript/tsconfig.json";

/** Copies the project's sources to a new folder. */
export function copyProject(folder: string): string {
  for (const source of SOURCES) cpSync(source, join(folder, source), { recursive: true });
  return folder;
}

/**
 * Copies the project to a new folder as a stock cdktf project would have it: the same sources with imports from
 * whole provider packages, and the compiler options of `cdktf init`.
 */
export function copyStockProject(folder: string): string {
  copyProject(folder);
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts")) continue;
    const path = join(folder, file);
    writeFileSync(path, withPackageImports(readFileSync(path, "utf8")));
  }
  const { compilerOptions, ...rest } = JSON.parse(readFileSync(STOCK_TSCONFIG, "utf8"));
  // The template's es2018 lacks what the sources use of the standard library; all the rest stays.
  const options = { ...compilerOptions, lib: ["es2023"], target: "ES2022" };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ ...rest, compilerOptions: options }));
  return folder;
}

/** `import { Vpc } from "@cdktf/provider-aws/lib/vpc"` → `import { vpc } from "@cdktf/provider-aws"; import Vpc = vpc.Vpc`. */
export function withPackageImports(source: string): string {
  const importOfLib = /import (?:type )?\{([^}]*)\} from "(@cdktf\/provider-\w+)\/lib\/([\w-]+)";/g;
  return source.replace(importOfLib, (_, names: string, provider: string, folder: string) => {
    const namespace = folder.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    // The name of the resource may be a variable's name in the file already.
    const alias = `${provider.replace(/\W/g, "_")}_${namespace}`;
    const aliases = names
      .split(",")
      .map((name) => name.trim().replace(/^type /, ""))
      .filter((name) => name !== "")
      .map((name) => {
        const [exported = name, local = exported] = name.split(" as ");
        return ` import ${local} = ${alias}.${exported};`;
      });
    return `import { ${namespace} as ${alias} } from "${provider}";${aliases.join("")}`;
  });
}
