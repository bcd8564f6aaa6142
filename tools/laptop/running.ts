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

const announcementSchema = z.strictObject({
  /** Of the process that runs it: should the machine have stopped, its folder is still there. */
  pid: z.int().positive(),
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

/** Most bytes that are read of one: a thousand identities have less than two million. */
const MOST_BYTES = 16 * 1024 * 1024;

/** In the laptop's folder, with which it goes, however the laptop ends. */
const FILE = "laptop.json";

/** Folders of laptops: their server makes them. */
const FOLDERS = "postgres-";

/** Says that a laptop runs in this process, and what its identities sign in and connect with now. Nobody else can read it. */
export function announce(folder: string, announcement: Omit<Announcement, "pid">): void {
  const file = join(folder, FILE);
  const said: Announcement = { pid: process.pid, ...announcement };
  writeFileSync(`${file}.new`, JSON.stringify(said), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/**
 * The laptops of this user that run, the one that was announced last first.
 * @param project folder of the project that started them
 * @param environment name. @default all of them
 * @param temporary where laptops have their folders
 */
export function runningLaptops(
  project: string,
  environment?: string,
  temporary = tmpdir(),
): readonly Announcement[] {
  return readdirSync(temporary)
    .filter((name) => name.startsWith(FOLDERS))
    .flatMap((name) => read(join(temporary, name, FILE)))
    .filter(({ said }) => said.project === project && said.environment === (environment ?? said.environment))
    .filter(({ said }) => runs(said.pid))
    .sort((left, right) => right.written - left.written)
    .map(({ said }) => said);
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    // Also when it is another user's: then it is no laptop of ours.
    return false;
  }
}

/** Whoever wrote the file would decide over variables of our processes: only this user, in a file of its own that is no link. */
function read(file: string): { readonly said: Announcement; readonly written: number }[] {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (["ENOENT", "EACCES", "ELOOP", "ENOTDIR"].includes(errorCode(error))) return [];
    throw error;
  }
  try {
    const file = fstatSync(descriptor);
    const { uid, mtimeMs, mode, nlink, size } = file;
    const ours = uid === process.getuid?.() && (mode & 0o077) === 0 && nlink === 1;
    if (!ours || !file.isFile() || size > MOST_BYTES) return [];
    const said = announcementSchema.safeParse(JSON.parse(readFileSync(descriptor, "utf8")));
    return said.success ? [{ said: said.data, written: mtimeMs }] : [];
  } catch {
    return [];
  } finally {
    closeSync(descriptor);
  }
}
