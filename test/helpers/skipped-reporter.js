/** Lists every skipped test by name at the end of a run, under the reason that test/helpers/skip.ts put into the name. */
module.exports = class SkippedReporter {
  onRunComplete(_contexts, results) {
    const byReason = new Map();
    for (const { testResults } of results.testResults) {
      for (const { fullName } of testResults.filter(({ status }) => status === "pending")) {
        const [, name, reason] = /^(.*) \[skipped: (.*)\]$/.exec(fullName) ?? ["", fullName, "not chosen"];
        byReason.set(reason, [...(byReason.get(reason) ?? []), name]);
      }
    }
    for (const [reason, names] of byReason) {
      process.stderr.write(`\nSkipped, since ${reason}:\n${names.map((name) => `  ${name}\n`).join("")}`);
    }
  }
};
