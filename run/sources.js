// The project's own code.
const { SourceMap } = require("node:module");
const { dirname, relative, resolve } = require("node:path");
const { keep, kept, ROOT } = require("./kept");

/**
 * The project's own code of a program, in one piece.
 * @param {string} file path of its TypeScript file
 * @returns {{ name: string, code: string, map: () => string, imports: readonly string[] }} with a name for what is kept of
 *   the program, the source map of the code, and the packages that it imports
 */
function sources(file) {
  const name = relative(ROOT, file).replaceAll(/[^\w.-]+/g, "-");
  const { facts, content } = kept(name) ?? bundled(name, file);
  return {
    name,
    code: content.toString("utf8", 0, facts.length),
    map: () => content.toString("utf8", facts.length),
    imports: facts.imports,
  };
}

function bundled(name, file) {
  const { bundle } = require("./bundle");
  const { code, map, made, imports, begun } = bundle({
    entryPoints: [file],
    packages: "external",
    outfile: `${file}.js`,
    sourcemap: "external",
    sourcesContent: false,
  });
  const facts = { length: code.length, imports };
  return keep(name, { made, begun, facts, content: Buffer.concat([code, map]) });
}

/**
 * Lets stack traces name lines of the sources. Node.js can do it, but reads the map in every run, which takes a tenth of
 * `npm run synth`.
 * @param {string} file name of the bundle
 */
function showSourceLines(file, readMap) {
  let map;
  const place = (frame) => {
    if (frame.getFileName() !== file) return `${frame}`;
    map ??= new SourceMap(JSON.parse(readMap()));
    const [line, column] = [frame.getLineNumber(), frame.getColumnNumber()];
    const { originalSource, originalLine, originalColumn } = map.findEntry(line - 1, column - 1);
    if (originalSource === undefined) return `${frame}`;
    const source = resolve(dirname(file), originalSource);
    return `${frame}`.replace(
      `${file}:${line}:${column}`,
      `${source}:${originalLine + 1}:${originalColumn + 1}`,
    );
  };
  Error.prepareStackTrace = (error, frames) => {
    // cdktf takes traces of what is no error, and seldom shows them.
    const lines = error instanceof Error ? frames.map(place) : frames;
    return [Error.prototype.toString.call(error), ...lines].join("\n    at ");
  };
}

module.exports = { showSourceLines, sources };
