const { readFileSync, statfsSync } = require("node:fs");

const FOLDER = "/dev/shm";
const ROOM = 4 * 1024 ** 3;

/**
 * Keeps temporary files in memory, where the machine has a folder with room for it. A database is thousands of small
 * files, and the tests make and remove some fifty: on a disk that takes three times as long.
 */
module.exports = () => {
  if (process.env.TMPDIR === undefined && hasRoom()) process.env.TMPDIR = FOLDER;
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
