/** Says how to record snapshots of the example environments that differ, are missing or are no longer anybody's. */
module.exports = class SnapshotReporter {
  onRunComplete(_contexts, { snapshot, testResults }) {
    const differ = testResults.some(
      ({ testFilePath, snapshot: { unmatched, unchecked } }) =>
        testFilePath.includes("/test/snapshots/") && unmatched + unchecked > 0,
    );
    if (snapshot.didUpdate || !differ) return;
    process.stderr.write(
      `\nWhat is synthesised for environments/*.yaml is not what test/snapshots holds. If that is meant, \`npm run snapshots\` records it:
read what it changes, and commit it with its reason. An address that goes means a resource that is destroyed: put its
construct id back, or move the state with \`moveFromId\`.\n`,
    );
  }
};
