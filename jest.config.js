const { availableParallelism } = require("node:os");

// As in run.js: on Node 20 the AWS SDK would say in every worker that its later versions want a later one.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

// The day of the warnings that commands print: versions go out of support, and that must not fail a test.
process.env.SOURCE_DATE_EPOCH ??= String(Date.UTC(2026, 10, 26) / 1000);

/** `npm test`: every test that is quick. test/jest.all.config.js is for `npm run test:all`. */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  // What needs more than `npm ci` brings, or takes long.
  testPathIgnorePatterns: ["/node_modules/", "\\.slow\\.test\\.ts$"],
  globals: { EVERYTHING: false },
  globalSetup: "<rootDir>/test/helpers/before-run.js",
  globalTeardown: "<rootDir>/test/helpers/after-run.js",
  testSequencer: "<rootDir>/test/helpers/slowest-first.js",
  testTimeout: 30_000,
  // Tests wait for servers and programs much of the time.
  maxWorkers: availableParallelism() + 1,
  transform: { "\\.ts$|/jose/.*\\.js$": "<rootDir>/test/helpers/transform.js" },
  transformIgnorePatterns: ["/node_modules/(?!jose/)"],
  moduleFileExtensions: ["ts", "js", "json"],
  reporters: [
    "default",
    "<rootDir>/test/helpers/skipped-reporter.js",
    "<rootDir>/test/helpers/snapshot-reporter.js",
  ],
};
