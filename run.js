// Runs a TypeScript file of this project: node run.js main.ts
// esbuild bundles it, and the packages that take long to load; V8 compiles those. What they make is kept in node_modules/.cache
// for as long as no file of it changes. Types are checked by `npm run types`, not here. `npm run bench` measures it.
const Module = require("node:module");
const { resolve } = require("node:path");
const util = require("node:util");
const { packages } = require("./run/packages");
const { showSourceLines, sources } = require("./run/sources");

// On Node 20 the AWS SDK would say in every run that its later versions want a later one.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

// cdktf calls it, which Node.js 22 and later would report in every run.
util.isArray = Array.isArray;

// From Node 22 on, Node.js does the same for the other packages; left to itself, in the temporary folder, where it stays.
Module.enableCompileCache?.(resolve(__dirname, "node_modules/.cache/node"));

const [entry, ...args] = process.argv.slice(2);
const file = resolve(entry);
const { name, code, map, imports } = sources(file);
const inOnePiece = packages(name, imports);
const bundle = `${file}.js`;
showSourceLines(bundle, map);

process.argv = [process.argv[0], file, ...args];
const main = new Module(bundle, null);
main.filename = bundle;
main.paths = Module._nodeModulePaths(__dirname);
main.require = (path) => (inOnePiece[path] ? inOnePiece[path]() : Module.prototype.require.call(main, path));
main._compile(code, bundle);
