const { transformSync } = require("esbuild");

/** Lets Jest read TypeScript, with the transpiler that run.js uses. */
module.exports = {
  process: (source, filename) =>
    transformSync(source, {
      loader: "ts",
      format: "cjs",
      target: `node${process.versions.node}`,
      sourcefile: filename,
      sourcemap: "inline",
    }),
};
