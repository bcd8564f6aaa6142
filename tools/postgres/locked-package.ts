import { readFileSync } from "node:fs";

/** A package of one version, and npm's digest of it. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** Such as `sha512-1hTzn…`. */
  readonly integrity: string;
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly integrity?: string }>>;
}

/**
 * The release of a package that a package-lock.json holds for a major version, wherever npm has put it there.
 * @throws Error when there is none
 */
export function lockedPackage(lockFile: string, name: string, majorVersion: number): LockedPackage {
  const { packages }: Lock = JSON.parse(readFileSync(lockFile, "utf8"));
  for (const [path, { version, integrity }] of Object.entries(packages)) {
    if (path.endsWith(`node_modules/${name}`) && version?.startsWith(`${majorVersion}.`) && integrity) {
      return { name, version, integrity };
    }
  }
  throw new Error(`${lockFile} has no ${name} ${majorVersion}`);
}

/** A package.json and a package-lock.json by which `npm ci` installs this package, of this digest, alone. */
export function npmFiles({ name, version, integrity }: LockedPackage): Readonly<Record<string, unknown>> {
  const root = { private: true, dependencies: { [name]: version } };
  return {
    "package.json": root,
    "package-lock.json": {
      lockfileVersion: 3,
      requires: true,
      packages: { "": root, [`node_modules/${name}`]: { version, integrity } },
    },
  };
}
