/** Most lines that are taken of what a program said, from its end. */
const MOST_LINES = 3;

/** What Node.js says around an error: the line of code, where it was called from, the version. */
const AROUND_AN_ERROR = /^\s+at |^Node\.js v|^\s*\^+\s*$|^\s*$|^(\/|file:|node:)\S*:\d+$/;

/**
 * Why a program failed, on one line: the end of what it said. It gets into reports, and must be the same on every machine:
 * no path is in it that begins elsewhere than in the folder it ran in.
 * @param folders where it ran and what it used, and what to call each
 */
export function lastWords(said: string, folders: Readonly<Record<string, string>>): string {
  const lines = said.split(/\r?\n/).filter((line) => !AROUND_AN_ERROR.test(line));
  const words = lines
    .slice(-MOST_LINES)
    .map((line) => line.trim())
    .join("; ");
  const known = Object.entries(folders).sort(([left], [right]) => right.length - left.length);
  const relative = known.reduce((text, [folder, name]) => text.replaceAll(folder, name), words);
  return relative.replace(/(?<![\w.:/@-])\/(?:[\w.@+-]+\/)+/g, "…/") || "it said nothing";
}
