const { default: Sequencer } = require("@jest/test-sequencer");

/** Real applies take minutes, mostly waiting for AWS's providers: they start first, and the others run meanwhile. */
class SlowestFirst extends Sequencer {
  sort(tests) {
    const isApply = ({ path }) => (path.includes("/test/apply/") ? 0 : 1);
    return [...super.sort(tests)].sort((left, right) => isApply(left) - isApply(right));
  }
}

module.exports = SlowestFirst;
