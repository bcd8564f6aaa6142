import { type Difference, shown } from "./difference";

/** What every stack has beside its JSON: which Terraform takes it. */
const VERSIONS = /^terraform \{\n {2}required_version = "[^"\\\n]*"\n\}\n$/;

/**
 * Files that Terraform reads beside a stack's cdk.tf.json: any of them could make what nobody here looks at.
 * @param beside texts by `<stack>/<file>`
 */
export function compareFiles(beside: ReadonlyMap<string, string>): Difference[] {
  return [...beside]
    .filter(([path, text]) => !(path.endsWith("/versions.tf") && VERSIONS.test(text)))
    .map(([path, text]) => ({
      what: "a file that Terraform reads beside cdk.tf.json",
      where: path,
      detail: `${path}: ${shown(text)}`,
      content: text,
    }));
}
