/** `npm run test:all`: `*.slow.test.ts` too, every PostgreSQL version, and random cases in full number. */
module.exports = {
  ...require("../jest.config.json"),
  rootDir: "..",
  testPathIgnorePatterns: ["/node_modules/"],
  globals: { EVERYTHING: true },
};
