const { rmSync } = require("node:fs");

/** Takes away what before-run.js made. */
module.exports = () => {
  rmSync(process.env.KEPT_SYNTHESES, { recursive: true, force: true });
  delete process.env.KEPT_SYNTHESES;
};
