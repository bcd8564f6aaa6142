const { transformSync } = require("esbuild");

/**
 * Lets Jest read TypeScript, with the transpiler that run.js uses, and packages that are ES modules only (jose), which
 * Jest can load as CommonJS alone.
 */
module.exports = {
  process: (source, filename) =>
    transformSync(source, {
      loader: "ts",
      format: "cjs",
      supported: { "dynamic-import": false },
      target: `node${process.versions.node}`,
      sourcefile: filename,
      sourcemap: "inline",
    }),
};
