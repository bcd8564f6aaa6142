import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";

/** Root of the project: where npm runs its scripts. */
const ROOT = resolve(".");

/** The tsconfig.json that `cdktf init` writes for TypeScript. */
const STOCK_TSCONFIG = "node_modules/cdktf-cli/bundle/templates/typescript/tsconfig.json";

/** What is no source: it is made, installed, or nothing that a command reads. */
const NOT_COPIED = ["node_modules", "cdktf.out", "test"];
/** The same, in whatever folder. */
const INSTALLED = ["node_modules", ".venv", "target"];

/** Copies the project's sources to a new folder; whatever folders it has come along. */
export function copyProject(folder: string): string {
  for (const { name } of readdirSync(ROOT, { withFileTypes: true })) {
    if (name.startsWith(".") || name.includes(".tfstate") || NOT_COPIED.includes(name)) continue;
    cpSync(join(ROOT, name), join(folder, name), {
      recursive: true,
      filter: (from) => !INSTALLED.includes(basename(from)),
    });
  }
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
