const quick = require("../jest.config");

const SOURCES = ["board", "commands", "constructs", "lib", "model", "stacks", "tools"];

/** `npm run test:all`: `*.slow.test.ts` too, every PostgreSQL version, random cases in full number, and coverage. */
module.exports = {
  ...quick,
  rootDir: "..",
  roots: [...quick.roots, ...SOURCES.map((folder) => `<rootDir>/${folder}`)],
  testPathIgnorePatterns: ["/node_modules/"],
  globals: { EVERYTHING: true },
  // Terraform unpacks providers of 600 MB beside each stack: more than memory holds.
  globalSetup: undefined,
  globalTeardown: undefined,
  collectCoverage: true,
  // V8's own takes three times as long here.
  coverageProvider: "babel",
  // What runs in a browser, a browser tests.
  collectCoverageFrom: [`{${SOURCES.join(",")}}/**/*.ts`, "!tools/review/html/client/**"],
  coverageReporters: [require.resolve("./helpers/coverage-summary.js")],
};
