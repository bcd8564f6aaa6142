/** Lists every skipped test by name at the end of a run; the name holds the reason. */
module.exports = class SkippedReporter {
  onRunComplete(_contexts, results) {
    const skipped = results.testResults.flatMap(({ testResults }) =>
      testResults.filter(({ status }) => status === "pending").map(({ fullName }) => fullName),
    );
    if (skipped.length > 0)
      process.stderr.write(`\nSkipped:\n${skipped.map((name) => `  ${name}\n`).join("")}`);
  }
};
