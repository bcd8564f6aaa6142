import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { devContent, manyServices } from "./workloads";

/** A change to review: folders of environment files before it, and after it. */
export interface Change {
  readonly title: string;
  readonly before: string;
  readonly after: string;
}

/**
 * One grant changed, among so many services or so many environments.
 * @param folder where the files are written
 */
export function changes(folder: string): Change[] {
  return [...[10, 1000, 5000].map((services) => ofServices(services, folder)), ofEnvironments(300, folder)];
}

function ofServices(services: number, folder: string): Change {
  const before = join(folder, `before-${services}`);
  mkdirSync(before);
  const { title, file } = manyServices(services, before);
  return { title, before, after: withOneGrant(file, before) };
}

function ofEnvironments(count: number, folder: string): Change {
  const before = join(folder, "before-environments");
  mkdirSync(before);
  const files = Array.from({ length: count }, (_, index) => {
    const file = join(before, `env${index}.yaml`);
    const apart = {
      region: index < 256 ? "eu-west-1" : "eu-central-1",
      network: { cidr: `10.${index % 256}.0.0/16` },
    };
    writeFileSync(file, stringify({ ...devContent(), ...apart, name: `env${index}` }));
    return file;
  });
  return { title: `${count} environments`, before, after: withOneGrant(files[7] ?? "", before) };
}

/** A copy of a folder in which the first service of a file that may read a schema may also write it. */
function withOneGrant(file: string, before: string): string {
  const after = before.replace("before-", "after-");
  rmSync(after, { recursive: true, force: true });
  cpSync(before, after, { recursive: true });
  const content: { access: { services: Record<string, { grants: Record<string, string> }> } } = parse(
    readFileSync(file, "utf8"),
  );
  const all = Object.values(content.access.services).map(({ grants }) => grants);
  const grants = all.find((each) => Object.values(each).includes("read-only")) ?? {};
  const [schema = ""] = Object.entries(grants).find(([, level]) => level === "read-only") ?? [];
  grants[schema] = "read-write";
  writeFileSync(file.replace(before, after), stringify(content, { aliasDuplicateObjects: false }));
  return after;
}
