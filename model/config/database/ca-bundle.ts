import { quote } from "../../../lib/nearest";
import { certificatesOf, rdsCaBundle } from "../../aws/ca-bundle";
import { MAX_PARAMETER } from "../../aws/parameters";
import { servicesOutsideEks } from "../access/place";
import type { Problem } from "../problem";
import { reason } from "../reading/text-file";
import type { EnvironmentFile } from "../schema";

/** Reads a file named in an environment file, relative to it. Throws when it cannot be read. */
export type ReadFile = (path: string) => string;

/** The CA certificates to trust, PEM: those of the file that `database.caBundle` names, or the project's. */
export function caBundle(
  { region, database: { caBundle: path }, access }: EnvironmentFile,
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
  const at = ["database", "caBundle"];
  try {
    const pem = certificatesOf(readFile(path));
    if (pem !== undefined && pem.length > MAX_PARAMETER && servicesOutsideEks(access.services).length > 0) {
      return {
        path: at,
        message: `${path} has ${pem.length} characters of certificates, and the SSM parameter in which services outside of EKS find them holds ${MAX_PARAMETER}; name a bundle of one region: https://truststore.pki.rds.amazonaws.com/${region}/${region}-bundle.pem`,
      };
    }
    if (pem !== undefined) return { pem };
    return { path: at, message: `${path} holds no PEM certificates, or something else beside them` };
  } catch (error) {
    return { path: at, message: `${quote(path)}: ${reason(error)}; the path is relative to this file` };
  }
}
