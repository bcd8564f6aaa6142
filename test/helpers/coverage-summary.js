/** Which share of each folder's lines the tests ran: one line a folder. */
module.exports = class CoverageSummary {
  execute(context) {
    const { root } = context.getTree("nested");
    const rows = [root, ...root.getChildren()].map((node) => {
      const { covered, total, pct } = node.getCoverageSummary().lines;
      return `${(node.getRelativeName() || "all").padEnd(12)} ${pct.toFixed(1).padStart(5)} %  ${covered} of ${total} lines`;
    });
    process.stdout.write(`
Coverage, without what tests run as a program of its own (commands, npm start, the message board's image):
${rows.join("\n")}
`);
  }
};
