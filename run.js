// Runs a TypeScript file of this project: node run.js main.ts
// esbuild bundles the project's own files in memory, in about 30 ms; packages stay where they are. Types are checked by
// `npm run types`, not here. Measured against other runners by `npm run bench -- --runners`.
const Module = require("node:module");
const { resolve } = require("node:path");
const { buildSync } = require("esbuild");

// On Node 20 the AWS SDK would say in every run that its later versions want a later one.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

// From Node 22 on, compiled packages are kept between runs.
Module.enableCompileCache?.();

const [entry, ...args] = process.argv.slice(2);
const file = resolve(entry);
const { outputFiles } = buildSync({
  entryPoints: [file],
  bundle: true,
  packages: "external",
  platform: "node",
  target: `node${process.versions.node}`,
  sourcemap: "inline",
  write: false,
  logLevel: "error",
});
process.argv = [process.argv[0], file, ...args];
const main = new Module(file, null);
main.filename = file;
main.paths = Module._nodeModulePaths(__dirname);
main._compile(outputFiles[0].text, file);
