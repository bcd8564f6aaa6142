import { quote } from "../../../lib/nearest";
import { certificatesOf, proxyCaBundle, rdsCaBundle, withoutEnded } from "../../aws/ca-bundle";
import { MAX_PARAMETER } from "../../aws/parameters";
import { servicesOutsideEks } from "../access/place";
import type { Problem } from "../problem";
import { reason } from "../reading/text-file";
import type { EnvironmentFile } from "../schema";

/** Reads a file named in an environment file, relative to it. Throws when it cannot be read. */
export type ReadFile = (path: string) => string;

/**
 * The CA certificates to trust, PEM: those of the file that `database.caBundle` names, or the project's; where there is a proxy
 * those that its own are signed by as well, since clients have one list for whatever they connect to.
 */
export function caBundle(file: EnvironmentFile, readFile: ReadFile): Problem | { readonly pem: string } {
  const found = databaseBundle(file, readFile);
  if ("message" in found) return found;
  const pem = file.database.proxy ? `${withoutEnded(found.pem)}\n${proxyCaBundle()}` : found.pem;
  if (pem.length <= MAX_PARAMETER || servicesOutsideEks(file.access.services).length === 0) return { pem };
  return {
    path: PATH,
    message: `${file.database.caBundle} has ${pem.length} characters of certificates${file.database.proxy ? " with those of the proxy" : ""}, and the SSM parameter in which services outside of EKS find them holds ${MAX_PARAMETER}; name a bundle of one region: https://truststore.pki.rds.amazonaws.com/${file.region}/${file.region}-bundle.pem`,
  };
}

const PATH = ["database", "caBundle"];

function databaseBundle(
  { region, database: { caBundle: path } }: EnvironmentFile,
  readFile: ReadFile,
): Problem | { readonly pem: string } {
  if (path === undefined) {
    const pem = rdsCaBundle(region);
    if (pem) return { pem };
    return {
      path: ["region"],
      message: `the CA certificates of RDS in ${region} do not come with the project; download https://truststore.pki.rds.amazonaws.com/${region}/${region}-bundle.pem and name the file in database.caBundle`,
    };
  }
  try {
    const pem = certificatesOf(readFile(path));
    if (pem !== undefined) return { pem };
    return { path: PATH, message: `${path} holds no PEM certificates, or something else beside them` };
  } catch (error) {
    return { path: PATH, message: `${quote(path)}: ${reason(error)}; the path is relative to this file` };
  }
}
