import { dirname } from "node:path";
import { terminalLines } from "../lib/terminal-text";
import { exitOnUserError, UserError } from "../lib/user-error";
import { accessPlan } from "../model/access/plan";
import { beyondReport, moveFiles, notYetAdopted, proposeForServer } from "../tools/adopt/adopt";
import { commandLine } from "./support/arguments";
import { type FileToWrite, refusals, writeAll } from "./support/careful-files";
import { WHERE_ENVIRONMENTS_ARE } from "./support/environments";
import { environmentWith, fileToAdopt, withSection } from "./support/file-to-adopt";

const USAGE = `Usage: npm run adopt -- <environment> [--write] [--in-place]
Reads a live server's catalogs, changes nothing there, and says how its databases become the environment's: the section
access that fits best, where the environment file has none; SQL that moves what is there to it; what the model cannot express.
--write writes that: the section into the environment file, the rest into adopt/<environment>/ beside it.
--in-place: logins become services under their own name; from then on RDS asks them for a token, and takes no password.
${WHERE_ENVIRONMENTS_ARE}

  PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE, PGSSLROOTCERT, PGCONNECT_TIMEOUT, ALL_PROXY: as npm run verify takes them
TLS is always verified, host name and all (verify-full).`;

async function main(): Promise<void> {
  const given = commandLine(USAGE, { names: true, flags: ["write", "in-place"] });
  if (!given) return;
  const [name, ...more] = given.names;
  if (name === undefined || more.length > 0) throw new UserError(["Name one environment."], USAGE);
  const source = process.env.ENVIRONMENTS;
  const file = fileToAdopt(name, source);
  const { database } = file.environment;
  const adminUser = database.existing?.adminUser;
  const { live, proposal, yaml, ...reports } = await proposeForServer(
    { env: process.env, caBundle: database.caBundle },
    { file: file.rest, ...(adminUser && { adminUser }) },
    { inPlace: given.flags.has("in-place") },
  );
  const { report, markdown } = file.hasAccess ? beyondReport(proposal) : reports;
  if (!file.hasAccess && !proposal.access) {
    process.stdout.write(`${report}\n`);
    throw new UserError(["nothing that is there fits the model; what is in the way is listed above"]);
  }
  const plan = accessPlan(file.hasAccess ? file.environment : environmentWith(yaml, file, source));
  const unsaid = notYetAdopted(plan, live);
  if (unsaid.length > 0) {
    const adopted = unsaid.map((each) => `${each}: {}`).join(", ");
    throw new UserError([
      `${file.path}: ${unsaid.join(", ")} is there already; say so under access, by adopted: { ${adopted} }, and run this again (docs/adopting.md)`,
    ]);
  }
  const folder = `${dirname(file.path)}/adopt/${name}`;
  const scripts = moveFiles(plan, live);
  const files: FileToWrite[] = [
    ...(file.hasAccess
      ? []
      : [
          {
            path: file.path,
            change: (text = "") => withSection(text, yaml),
            what: "gets the section access",
          },
        ]),
    ...scripts.map(({ name: script, text, ours }) => ({
      path: `${folder}/${script}`,
      change: () => text,
      ours,
      what: "is SQL, to be run by psql",
    })),
    { path: `${folder}/beyond.md`, change: (text = markdown) => text, what: "is the list below" },
  ];
  const refused = refusals(files);
  if (refused.length > 0) throw new UserError(refused);
  if (given.flags.has("write")) writeAll(files);
  const parts = [
    ...(file.hasAccess ? [] : [yaml]),
    ...scripts.map(({ name: script, says }) => `${script}\n${says.replace(/^/gm, "  ")}`),
    report,
    [
      given.flags.has("write") ? "Written:" : "Nothing is written. With --write:",
      ...files.map(({ path, what }) => `  ${path} ${what}`),
    ].join("\n"),
  ];
  process.stdout.write(`${terminalLines(parts.join("\n"))}\n`);
}

void exitOnUserError(main);
