// Bundles that esbuild makes.
const { resolve } = require("node:path");
const { buildSync } = require("esbuild");
const { ROOT } = require("./kept");

/** Files that decide what becomes of the others. */
const SETTINGS = [
  "run/bundle.js",
  "run/kept.js",
  "run/packages.js",
  "run/sources.js",
  "tsconfig.json",
  "package.json",
  "node_modules/esbuild/package.json",
  // npm writes it whenever it adds a package, which may be nearer to one that wants it.
  "node_modules/.package-lock.json",
];

/**
 * @param options of esbuild
 * @returns its code and source map, the paths of the files that decide what it is, when it was begun, and what it imports
 *   from elsewhere
 */
function bundle(options) {
  const begun = Date.now();
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: ROOT,
    outfile: "bundle.js",
    bundle: true,
    platform: "node",
    target: `node${process.versions.node}`,
    write: false,
    metafile: true,
    logLevel: "error",
    ...options,
  });
  const written = (ending) =>
    Buffer.from(outputFiles.find(({ path }) => path.endsWith(ending))?.contents ?? []);
  return {
    code: written(".js"),
    map: written(".map"),
    made: [
      // Packages are where they are, also for another copy of the project that has a link to them.
      ...Object.keys(metafile.inputs).flatMap((path) => {
        if (path === "<stdin>") return [];
        return path.includes("node_modules/") ? resolve(ROOT, path) : path;
      }),
      ...SETTINGS,
    ],
    begun,
    imports: Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path)),
  };
}

module.exports = { bundle };
