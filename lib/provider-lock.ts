/** Name of the file in which Terraform and OpenTofu keep which builds of providers they take. */
export const LOCK_FILE = ".terraform.lock.hcl";

/**
 * What a lock file says of some providers, whichever registry they are from. A stack's own must say nothing of others:
 * `terraform init -lockfile=readonly` refuses that.
 * @param sources such as `cyrilgdn/postgresql`; without a namespace, HashiCorp's
 */
export function lockOf(lock: string, sources: readonly string[]): string {
  const parts = lock.split(/^(?=provider ")/m);
  const ends = sources.map((source) => `/${source.includes("/") ? source : `hashicorp/${source}`}" {`);
  const kept = parts.filter((part) => {
    const [first = ""] = part.split("\n", 1);
    // What is no provider is Terraform's heading.
    return !first.startsWith("provider ") || ends.some((end) => first.trimEnd().endsWith(end));
  });
  return `${kept.join("").trimEnd()}\n`;
}
