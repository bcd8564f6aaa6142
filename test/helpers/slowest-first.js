const { default: Sequencer } = require("@jest/test-sequencer");

/** What is slow mostly waits, real applies for minutes: it starts first, and the others run meanwhile. */
class SlowestFirst extends Sequencer {
  sort(tests) {
    const order = ({ path }) => (path.endsWith(".slow.test.ts") ? 0 : 1);
    return [...super.sort(tests)].sort((left, right) => order(left) - order(right));
  }
}

module.exports = SlowestFirst;
