const { mkdtempSync, readFileSync, statfsSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

const FOLDER = "/dev/shm";
const ROOM = 4 * 1024 ** 3;

/**
 * Keeps temporary files in memory, where the machine has a folder with room for it. A database is thousands of small
 * files, and the tests make and remove some fifty: on a disk that takes three times as long.
 * What one file synthesises the others of this run read, from a folder that goes with it (kept-synthesis.ts).
 */
module.exports = () => {
  if (process.env.TMPDIR === undefined && hasRoom()) process.env.TMPDIR = FOLDER;
  process.env.KEPT_SYNTHESES = mkdtempSync(join(tmpdir(), "syntheses-"));
};

function hasRoom() {
  try {
    const { bavail, bsize } = statfsSync(FOLDER);
    // Some tests run scripts that they write.
    const noexec = / \/dev\/shm \S+ \S*\bnoexec\b/.test(readFileSync("/proc/mounts", "utf8"));
    return bavail * bsize >= ROOM && !noexec;
  } catch {
    return false;
  }
}
