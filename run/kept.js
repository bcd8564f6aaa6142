// Results that are kept between runs, until a file that they were made of changes.
const { createHash } = require("node:crypto");
const {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require("node:fs");
const { join, resolve, sep } = require("node:path");

const ROOT = resolve(__dirname, "..");

/** npm empties it with node_modules. What V8 makes of code is good for its own version alone. */
const FOLDER = join(ROOT, "node_modules/.cache/aurora-passwordless", `${process.version}-${process.arch}`);

/** Length of a digest, and of the end of its line. */
const HASH_LINE = 29;

/**
 * What was kept under a name, if it is whole and no file that it was made of has changed since.
 * @returns {{ facts: any, content: Buffer, hash: string } | undefined}
 */
function kept(name) {
  try {
    const file = readFileSync(pathOf(name));
    const rest = file.subarray(HASH_LINE);
    const hash = digest(rest);
    if (file.toString("latin1", 0, HASH_LINE) !== `${hash}\n`) return undefined;
    const end = rest.indexOf("\n") + 1;
    const { made, facts } = JSON.parse(rest.toString("utf8", 0, end));
    if (made.some(([path, mark]) => mark !== markOf(path))) return undefined;
    return { facts, content: rest.subarray(end), hash };
  } catch {
    // It is not there, or a file that it was made of is gone.
    return undefined;
  }
}

/**
 * Keeps a result, where that is possible. Whoever reads it meanwhile gets the one before, or this one whole.
 * @param {readonly string[]} result.made paths of the files that it was made of. @default none
 * @param {number} result.begun when that began
 * @returns it as `kept` does, but without the hash when it is not kept
 */
function keep(name, { made = [], begun, facts, content }) {
  const temporary = pathOf(`${name}.${process.pid}`);
  try {
    const head = JSON.stringify({ made: made.map((path) => [path, markOf(path)]), facts });
    // A file that was written meanwhile may not be what it was when it was read.
    const written = (path) => statSync(resolve(ROOT, path), { throwIfNoEntry: false })?.mtimeMs;
    if (made.some((path) => written(path) >= begun)) return { facts, content };
    // V8 would copy what does not begin at a multiple of eight.
    const missing = -(HASH_LINE + Buffer.byteLength(`${head}\n`)) & 7;
    const rest = Buffer.concat([Buffer.from(`${head}${" ".repeat(missing)}\n`), content]);
    const hash = digest(rest);
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(temporary, Buffer.concat([Buffer.from(`${hash}\n`), rest]));
    renameSync(temporary, pathOf(name));
    return { facts, content, hash };
  } catch {
    if (existsSync(temporary)) rmSync(temporary, { force: true });
    return { facts, content };
  }
}

/** Where a result is kept. */
function pathOf(name) {
  return join(FOLDER, name);
}

/** Whether anything can be kept. */
function canKeep() {
  try {
    mkdirSync(FOLDER, { recursive: true });
    accessSync(FOLDER, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Changes when a file does: its content or, for the hundreds that a package has, when it was written and its size. */
function markOf(path) {
  const file = resolve(ROOT, path);
  if (!file.includes(`${sep}node_modules${sep}`)) return digest(readFileSync(file));
  const found = statSync(file, { throwIfNoEntry: false });
  return found ? `${found.mtimeMs} ${found.size}` : "";
}

function digest(content) {
  return createHash("sha1").update(content).digest("base64");
}

module.exports = { canKeep, keep, kept, pathOf, ROOT };
