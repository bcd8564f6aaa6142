import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { errorCode } from "../../lib/user-error";

export { OF_OTHERS } from "./credential-variables";

const announcementSchema = z.strictObject({
  project: z.string(),
  environment: z.string(),
  identities: z.record(
    z.string(),
    z.strictObject({
      kind: z.enum(["service", "workload", "role", "principals", "people"]),
      member: z.string().optional(),
      variables: z.record(z.string(), z.string()),
    }),
  ),
});

/** What a running laptop says of itself to other processes of its user. */
export type Announcement = Readonly<z.output<typeof announcementSchema>>;

/** In the laptop's folder, with which it goes, however the laptop ends. */
const FILE = "laptop.json";

/** Folders of laptops: their server makes them. */
const FOLDERS = "postgres-";

/** Says that a laptop runs, and what its identities sign in and connect with now. Nobody else can read it. */
export function announce(folder: string, announcement: Announcement): void {
  const file = join(folder, FILE);
  writeFileSync(`${file}.new`, JSON.stringify(announcement), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/**
 * The laptop of an environment that was announced last and runs.
 * @param project folder of the project that started it
 * @param environment name. @default whichever runs
 * @returns undefined when none does
 */
export function runningLaptop(project: string, environment?: string): Announcement | undefined {
  return readdirSync(tmpdir())
    .filter((name) => name.startsWith(FOLDERS))
    .flatMap((name) => read(join(tmpdir(), name, FILE)))
    .filter(({ said }) => said.project === project && said.environment === (environment ?? said.environment))
    .sort((left, right) => right.written - left.written)[0]?.said;
}

/** Whoever wrote the file would decide over variables of our processes: only this user, in a file that is no link. */
function read(file: string): { readonly said: Announcement; readonly written: number }[] {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (["ENOENT", "EACCES", "ELOOP", "ENOTDIR"].includes(errorCode(error))) return [];
    throw error;
  }
  try {
    const { uid, mtimeMs, mode } = fstatSync(descriptor);
    if (uid !== process.getuid?.() || (mode & 0o077) !== 0) return [];
    const said = announcementSchema.safeParse(JSON.parse(readFileSync(descriptor, "utf8")));
    return said.success ? [{ said: said.data, written: mtimeMs }] : [];
  } catch {
    return [];
  } finally {
    closeSync(descriptor);
  }
}
